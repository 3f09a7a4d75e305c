"""`pytest tests/golden --rewrite-golden` writes the events anew; the diff is to be read before it is committed."""


def pytest_addoption(parser):
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden events anew")
