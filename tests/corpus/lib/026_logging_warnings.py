import io
import logging
import warnings

buf = io.StringIO()
logging.basicConfig(stream=buf, level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger("app.mod")
log.debug("hidden")
log.info("shown %d", 5)
log.warning("dict %(a)s", {"a": 1})
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
text = buf.getvalue()
print(text.split("Traceback")[0], text.splitlines()[-1])
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("careful", DeprecationWarning)
    print(w[0].category.__name__, w[0].message)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("as error")
    except UserWarning as e:
        print("raised", e)
