"""Trace rays through a few spheres and a chequered floor, and print the picture as text.

Classes with operators, generators and closures over floats: what a runtime should be good at.
"""

WIDTH, HEIGHT = 78, 30
SHADES = " .:-=+*#%@"
MAX_BOUNCES = 3


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1 / self.dot(self) ** 0.5)

    def reflected(self, normal):
        return self - normal * (2 * self.dot(normal))


class Sphere:
    def __init__(self, centre, radius, brightness, mirror):
        self.centre, self.radius = centre, radius
        self.brightness, self.mirror = brightness, mirror

    def hit(self, origin, direction):
        """The distance at which a ray meets the sphere, or None."""
        to_centre = self.centre - origin
        along = to_centre.dot(direction)
        inside = self.radius ** 2 - (to_centre.dot(to_centre) - along ** 2)
        if inside < 0:
            return None
        distance = along - inside ** 0.5
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).unit()

    def shade(self, point):
        return self.brightness


class Floor:
    mirror = 0.15

    def __init__(self, height):
        self.height = height

    def hit(self, origin, direction):
        if direction.y >= -1e-6:
            return None
        return (self.height - origin.y) / direction.y

    def normal(self, point):
        return Vector(0, 1, 0)

    def shade(self, point):
        return 0.9 if (int(point.x // 1.5) + int(point.z // 1.5)) % 2 else 0.25


SCENE = [
    Floor(-1.0),
    Sphere(Vector(0.0, 0.3, 6.0), 1.3, 0.6, 0.6),
    Sphere(Vector(-2.4, -0.2, 5.0), 0.8, 0.9, 0.2),
    Sphere(Vector(1.9, -0.4, 4.2), 0.6, 1.0, 0.1),
    Sphere(Vector(0.4, -0.7, 3.2), 0.3, 0.8, 0.4),
]
LIGHT = Vector(-4.0, 6.0, 0.0)


def nearest(origin, direction):
    best, thing = float("inf"), None
    for candidate in SCENE:
        distance = candidate.hit(origin, direction)
        if distance is not None and distance < best:
            best, thing = distance, candidate
    return best, thing


def trace(origin, direction, bounces=0):
    """How bright the scene is, seen from `origin` towards `direction`."""
    distance, thing = nearest(origin, direction)
    if thing is None:
        return max(0.0, 0.25 * direction.y)
    point = origin + direction * distance
    normal = thing.normal(point)
    point = point + normal * 1e-4
    to_light = LIGHT - point
    reach = to_light.dot(to_light) ** 0.5
    to_light = to_light * (1 / reach)
    lit = 0.0
    blocked_at, _ = nearest(point, to_light)
    if blocked_at > reach:
        lit = max(0.0, normal.dot(to_light))
        lit += 0.5 * max(0.0, direction.reflected(normal).dot(to_light)) ** 20
    value = thing.shade(point) * (0.12 + 0.88 * lit)
    if thing.mirror and bounces < MAX_BOUNCES:
        seen = trace(point, direction.reflected(normal), bounces + 1)
        value = value * (1 - thing.mirror) + seen * thing.mirror
    return value


def rows():
    eye = Vector(0.0, 0.4, -1.0)
    for row in range(HEIGHT):
        y = 1 - 2 * (row + 0.5) / HEIGHT
        line = []
        for column in range(WIDTH):
            x = (2 * (column + 0.5) / WIDTH - 1) * WIDTH / HEIGHT / 2
            light = trace(eye, Vector(x * 0.75, y * 0.75, 1.4).unit())
            line.append(SHADES[min(int(light ** 0.7 * len(SHADES)), len(SHADES) - 1)])
        yield "".join(line).rstrip()


if __name__ == "__main__":
    for line in rows():
        print(line)
