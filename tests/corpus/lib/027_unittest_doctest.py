import doctest
import io
import unittest


def square(x):
    """Square.

    >>> square(3)
    9
    >>> square("a")
    Traceback (most recent call last):
    ...
    TypeError: can't multiply sequence by non-int of type 'str'
    """
    return x * x


class T(unittest.TestCase):
    def setUp(self):
        self.x = 5

    def test_pass(self):
        self.assertEqual(self.x, 5)
        with self.assertRaisesRegex(ValueError, "lit"):
            int("x")

    def test_fail(self):
        self.assertEqual([1, 2], [1, 3])

    def test_error(self):
        1 / 0

    @unittest.skip("reason")
    def test_skip(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()

    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)


r = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(T).run(r)
print(r.testsRun, [t._testMethodName for t, _ in r.errors], sorted(str(t).split()[0] for t, _ in r.failures), r.skipped[0][1], len(r.expectedFailures))
print(r.errors[0][1].splitlines()[-1], [l for l in r.failures[0][1].splitlines() if "Error" in l])
print(doctest.testmod())
