"""One line per check, and how many held."""

import time
from contextlib import contextmanager

from botocore.exceptions import ClientError


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    @contextmanager
    def check(self, says):
        """Whatever is raised within is a failed check; the run goes on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - any failure is a failed check
            self.failed += 1
            print(f"not ok - {says}: {type(error).__name__}: {error}", flush=True)
        else:
            self.passed += 1
            print(f"ok - {says}", flush=True)

    @contextmanager
    def refuses(self, code, says, status=None):
        """The calls within must end in a ClientError of this code."""
        with self.check(says):
            try:
                yield
            except ClientError as error:
                same(error.response["Error"]["Code"], code)
                if status is not None:
                    same(error.response["ResponseMetadata"]["HTTPStatusCode"], status)
            else:
                raise AssertionError(f"no error, expected {code}")


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def eventually(read, seconds=20):
    """Polls until `read` answers something true; answers it."""
    deadline = time.monotonic() + seconds
    while True:
        found = read()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing after {seconds} s")
        time.sleep(0.2)
