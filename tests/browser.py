"""A real browser for the tests of the report: Chromium from the system's packages, without a window."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_core_python.base import AXE_SCRIPT
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support.ui import WebDriverWait

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESKTOP = (390, 844), (1280, 900)
MISSING = "the tests of the report need a browser; install it: make browser"


class Browser:
    """A page of the browser, and what happened on it."""

    def __init__(self, driver: webdriver.Chrome, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads

    def open(self, page: Path, fragment: str = "", *, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> None:
        """Load a file anew and wait until the page has read its data."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.get("about:blank")
        self.requests()
        self.driver.get(page.as_uri() + fragment)
        self.wait("return document.documentElement.dataset.ready === 'yes'")

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the page and return its value."""
        return self.driver.execute_script(script, *values)

    def wait(self, script: str, *values: object) -> None:
        """Wait until a script gives a true value."""
        WebDriverWait(self.driver, 20, poll_frequency=0.05).until(lambda _: self.run(script, *values), script)

    def go(self, fragment: str) -> None:
        """Go to an address in the page."""
        self.run("location.hash = arguments[0]", fragment)
        self.wait("return decodeURIComponent(location.hash) === decodeURIComponent(arguments[0])", fragment)
        self.run("return new Promise((done) => setTimeout(done, 50))")

    def texts(self, selector: str) -> list[str]:
        """Return the words of every element that a selector finds, as they are shown."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", selector
        )
        return found

    def click(self, selector: str) -> None:
        """Click the first element that a selector finds, as a person does."""
        self.driver.find_element("css selector", selector).click()
        self.run("return new Promise((done) => setTimeout(done, 50))")

    def keys(self, words: str) -> None:
        """Press keys, one after the other, on the element that has the focus."""
        for key in words:
            ActionChains(self.driver).send_keys(key).perform()

    def fetch(self, name: str, to: Path) -> None:
        """Move a file that the page saved to a place."""
        saved = self.downloads / name
        WebDriverWait(self.driver, 20, poll_frequency=0.05).until(lambda _: saved.is_file(), f"{name} was not saved")
        shutil.move(saved, to)

    def errors(self) -> list[str]:
        """Return what the browser logged since it was last asked: errors of scripts, of the policy, of the network."""
        return [entry["message"] for entry in self._log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were requested since it was last asked, but for those inside the page."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        sent = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith(("about:", "data:", "blob:"))]

    def _log(self, kind: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call] # of selenium
        return found

    def faults(self) -> list[Mapping[str, Any]]:
        """Return what axe finds on the page that is serious or critical, with the elements."""
        self.run(AXE_SCRIPT)
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run().then((results) => done(results.violations))"
        )
        grave = [one for one in found if one["impact"] in {"serious", "critical"}]
        return [{"rule": one["id"], "at": [node["html"][:200] for node in one["nodes"][:3]]} for one in grave]


@contextmanager
def browser(downloads: Path) -> Iterator[Browser]:
    """Yield a browser that saves downloads into a folder. Raises RuntimeError where none is installed."""
    program, driver = next(filter(None, map(shutil.which, BROWSERS)), None), shutil.which("chromedriver")
    if program is None or driver is None:
        raise RuntimeError(MISSING)
    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for word in (
        "headless=new",
        "hide-scrollbars",
        "disable-gpu",
        "disable-dev-shm-usage",
        *["no-sandbox"] * (os.geteuid() == 0),
    ):
        options.add_argument(f"--{word}")
    started = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield Browser(started, downloads)
    finally:
        started.quit()
