#!/usr/bin/env python3
"""Browsers without a window, for scripts/test-install.sh. They use the shop as people do: forms over HTTPS.

    shop.py stall            budi, the admin, makes a package, and members with money; prints the package
    shop.py buy PACKAGE      the members buy until the file `stop` is there; `bought` has a line for each purchase
    shop.py watch PACKAGE [NUMBER]  buys once, and prints when each word of the live status came, until it has ended
    shop.py book             what the gateway's book says of the members' numbers, as counts for the shell

SHOP_DOMAIN, SHOP_ADDRESS, SHOP_CA, SHOP_PASSWORD (of everybody), SHOP_FOLDER, SHOP_BOOK.
"""

import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

DOMAIN = os.environ["SHOP_DOMAIN"]
ADDRESS = os.environ["SHOP_ADDRESS"]
AUTHORITY = os.environ["SHOP_CA"]
PASSWORD = os.environ["SHOP_PASSWORD"]
FOLDER = pathlib.Path(os.environ["SHOP_FOLDER"])
MEMBERS = ["ani", "beni", "cici"]
# The gateway's own price of it is a little lower. The last four digits of a number below 1000 mean nothing special to it.
SKU, PRICE, COST = "xld3", 5_000, 3_600
# To each member. More than one admin may give alone, so a second one agrees.
GIVEN = 3_000_000
# Between two purchases of one member; together they stay below the shop's limit for forms.
PAUSE_S = 1.5
PATIENCE_S = 180
ENDS = ("succeeded", "failed", "refunded")


class Connection(http.client.HTTPSConnection):
    """To the server's address, whatever the name leads to."""

    def connect(self):
        self.sock = self._context.wrap_socket(socket.create_connection((ADDRESS, 443), self.timeout), server_hostname=DOMAIN)


class Browser:
    def __init__(self, username):
        self.cookies = {}
        self.context = ssl.create_default_context(cafile=AUTHORITY)
        self.ask("/login")
        status, where, _ = self.ask("/api/sign_in", {"identity": username, "password": PASSWORD, "next": ""})
        if status not in (302, 303) or "session" not in " ".join(self.cookies):
            sys.exit(f"{username} cannot sign in: {status} {where}")

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, path, fields=None):
        """Status, where it leads to, and the page; a POST when there are fields."""
        headers = {"Accept": "text/html", "Cookie": self.cookie(), "Connection": "close"}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{DOMAIN}", "Referer": f"https://{DOMAIN}/"}
        connection = Connection(DOMAIN, context=self.context, timeout=20)
        try:
            connection.request("GET" if fields is None else "POST", path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        finally:
            connection.close()

    def must(self, path, fields, wanted):
        """Sends a form whose answer must lead to an address like `wanted`."""
        status, where, page = self.ask(path, fields)
        found = re.search(wanted, where)
        if not found:
            sys.exit(f"{path} answered {status} and leads to '{where}', not to {wanted}\n{page[:2000]}")
        return found

    def buy(self, package, number):
        """As somebody who presses the button again when no page came: the form keeps its key. The purchase, and the presses."""
        fields = {"package": package, "msisdn": number, "agreed_price": PRICE, "key": f"test-{number}", "buy_again": ""}
        deadline = time.monotonic() + PATIENCE_S
        presses = 0
        while time.monotonic() < deadline:
            presses += 1
            try:
                status, where, page = self.ask("/api/place_purchase", fields)
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
                continue
            bought = re.search(r"/transactions/([A-Za-z0-9_-]+)$", where)
            if bought:
                return bought[1], presses
            if status < 500 and status != 429:
                raise RuntimeError(f"{number} was refused: {status} {where} {page[:300]}")
            time.sleep(0.3)
        raise RuntimeError(f"{number} was not accepted in {PATIENCE_S} s")


def stall():
    admin, second = Browser("budi"), Browser("kawan")
    _, _, page = admin.ask("/admin/packages/new")
    key = re.search(r'name="key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="key"', page)
    fields = {"id": "", "key": key[1] or key[2], "name": "Malam 5 GB", "description": "5 GB", "quota": "5 GB", "validity_days": 1, "category": "daily", "brand": "XL"}
    fields |= {"price_member": PRICE, "price_reseller": PRICE, "cost": COST, "gateway": "digiflazz", "sku": SKU, "sort": 0, "active": "on"}
    package = admin.must("/api/save_package", fields, r"/admin/packages/([^/?]+)\?done=saved")[1]
    for n, member in enumerate(MEMBERS):
        fields = {"username": member, "email": f"{member}@{DOMAIN}", "phone": f"08120000000{n}", "password": PASSWORD}
        newcomer = Browser.__new__(Browser)
        newcomer.cookies, newcomer.context = {}, admin.context
        newcomer.must("/api/register", fields, r"/dashboard")
        _, _, page = admin.ask(f"/admin/users?q={member}")
        user = re.search(r'href="/admin/users/([A-Za-z0-9_-]{8,})"', page)[1]
        fields = {"user": user, "direction": "add", "amount": GIVEN, "reason": "untuk percobaan", "key": f"give-{member}"}
        correction = admin.must("/api/adjust_balance", fields, r"/admin/corrections/([^/?]+)\?done=correction_asked")[1]
        second.must("/api/approve_correction", {"correction": correction}, r"done=decided")
    print(package)


def buy(package):
    stop, bought = FOLDER / "stop", open(FOLDER / "bought", "a", buffering=1)

    def of_one(n, member):
        try:
            browser = Browser(member)
            for count in range(1000):
                if stop.exists():
                    return
                number = f"0878{n + 1}{count:07d}"
                began = time.monotonic()
                purchase, presses = browser.buy(package, number)
                took_ms = int((time.monotonic() - began) * 1000)
                # A double click: the same purchase, and not a second one.
                if count % 10 == 0 and browser.buy(package, number)[0] != purchase:
                    raise RuntimeError(f"{number} was bought twice by a double click")
                bought.write(f"{purchase} {number} {presses} {took_ms}\n")
                time.sleep(PAUSE_S)
        except (Exception, SystemExit) as error:
            with open(FOLDER / "trouble", "a") as trouble:
                trouble.write(f"{member}: {error}\n")

    buyers = [threading.Thread(target=of_one, args=one) for one in enumerate(MEMBERS)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()


def watch(package, number=""):
    """The stream comes by curl, because browsers speak HTTP/2. Like a browser, it connects again when the stream ends."""
    browser = Browser(MEMBERS[0])
    number = number or f"08789{time.time_ns() // 1_000_000 % 1_000:03d}0000"
    purchase, _ = browser.buy(package, number)
    print("purchase", purchase, flush=True)
    command = ["curl", "-sSN", "--http2", "--noproxy", "*", "--cacert", AUTHORITY, "--resolve", f"{DOMAIN}:443:{ADDRESS}", "--max-time", "60"]
    command += ["-H", "Accept: text/event-stream", "-b", browser.cookie(), f"https://{DOMAIN}/events/purchases/{purchase}"]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        stream = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in stream.stdout:
            if line.startswith("data: "):
                word = line[6:].strip()
                print(int(time.time() * 1000), word, flush=True)
                if word in ENDS:
                    stream.terminate()
                    stream.wait()
                    return
        stream.wait()
        print("again", flush=True)
        time.sleep(0.5)
    sys.exit("the purchase has not ended")


def book():
    """Orders of the members by the shop's reference without its attempt: PURCHASE CHARGED DELIVERED, one a line."""
    sums, after = {}, 0
    while True:
        with urllib.request.urlopen(f"{os.environ['SHOP_BOOK']}/book?after={after}", timeout=20) as answer:
            orders = json.load(answer)["orders"]
        for order in orders:
            if order["sku"] == SKU:
                charged, delivered = sums.get(order["ref_id"].rpartition("-")[0], (0, 0))
                charged += order["times_charged"] - order["times_returned"]
                sums[order["ref_id"].rpartition("-")[0]] = (charged, delivered + order["times_delivered"])
        after += len(orders)
        if not orders:
            break
    for purchase, (charged, delivered) in sorted(sums.items()):
        print(purchase, charged, delivered)


if __name__ == "__main__":
    {"stall": stall, "buy": buy, "watch": watch, "book": book}[sys.argv[1]](*sys.argv[2:])
