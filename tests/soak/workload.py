"""Clients that ask the nodes of a scene for tokens, and write down every answer."""

import concurrent.futures
import random
import threading
import time
import uuid

from harness import http
from harness.installation import TOKEN_PATH
from harness.server import JWT_BEARER, REVOKE

CLIENTS = 8
GRANTS_A_SECOND = 120  # of all clients together
LIFETIME = 290  # of an assertion: of a scene none expires
TIMEOUT = 6.0
USED = "The assertion has been used before."


class Requests:
    """Of one client at a time: each is sent, and written down with its outcome."""

    def __init__(self, application, history):
        self._application = application
        self._history = history
        self._sessions = {}

    def present(self, node, jti, assertion):
        form = {"grant_type": JWT_BEARER, "assertion": assertion}
        event, answer = self._send(node, TOKEN_PATH, form, {})
        if answer is not None:
            event.update(_tokens(answer) if answer.status == 200 else _refusal(answer))
        return self._add("grant", event, jti=jti)

    def refresh(self, node, token):
        form = {"grant_type": "refresh_token", "refresh_token": token}
        event, answer = self._send(node, TOKEN_PATH, form, self._application.basic)
        if answer is not None:
            event.update(_tokens(answer) if answer.status == 200 else _refusal(answer))
        return self._add("refresh", event, token=token)

    def revoke(self, node, token):
        event, answer = self._send(node, REVOKE, {"token": token}, self._application.basic)
        if answer is not None:
            event.update({"outcome": "revoked"} if answer.status == 200 else _refusal(answer))
        return self._add("revoke", event, token=token)

    def check(self, node, token):
        event, answer = self._send(node, "/api/oauth/introspect", {"token": token},
                                   self._application.basic)
        if answer is not None and answer.status == 200:
            event["outcome"] = "active" if answer.json["active"] else "inactive"
        elif answer is not None:
            event.update(_refusal(answer))
        return self._add("check", event, token=token)

    def close(self):
        for session in self._sessions.values():
            session.close()

    def _add(self, op, event, **members):
        return self._history.add(op, **event, **members)

    def _send(self, node, path, form, headers):
        """The event so far, and the answer if there is one."""
        event = {"node": node.name, "began": self._history.now()}
        answer = None
        try:
            answer = self._exchange(node, path, http.form(form), {**http.FORM, **headers})
        except ConnectionRefusedError:
            event["outcome"] = "unsent"
        except (OSError, http.NoAnswer) as fault:
            event["outcome"] = "lost"
            event["detail"] = repr(fault)
        event["ended"] = self._history.now()
        return event, answer

    def _exchange(self, node, path, body, headers):
        url = node.url
        session = self._sessions.pop((node.name, url), None) or _session(url)
        try:
            answer = session.exchange("POST", path, body, headers)
        except BaseException:
            session.close()
            raise
        self._sessions[node.name, url] = session
        return answer


def _session(url):
    """Connected: whoever is refused here has sent nothing."""
    session = http.Session(url, timeout=TIMEOUT)
    session.connect()
    return session


def _tokens(answer):
    given = answer.json
    return {"outcome": "granted", "access": given["access_token"],
            "refresh": given.get("refresh_token"), "life": given["expires_in"]}


def _refusal(answer):
    if answer.status == 503:
        return {"outcome": "unavailable"}
    if answer.status == 400 and answer.json.get("error_description") == USED:
        return {"outcome": "used"}
    return {"outcome": "refused", "detail": f"{answer.status} {answer.text}"}


class Workload:
    """Runs until it is told to end; after that it knows what the survey has to ask for."""

    def __init__(self, nodes, application, history, seed):
        self.nodes = nodes
        self.application = application
        self.history = history
        self.assertions = []  # (jti, assertion) of each that was sent
        self.granted = []  # events
        self.chains = []  # the refresh token that each client had last
        self._seed = seed
        self._ending = threading.Event()
        self._threads = []
        self.faults = []

    def start(self):
        for number in range(CLIENTS):
            thread = threading.Thread(target=self._run, args=(number,))
            thread.start()
            self._threads.append(thread)

    def end(self):
        self._ending.set()
        for thread in self._threads:
            thread.join()
        if self.faults:
            raise self.faults[0]

    def _run(self, number):
        client = _Client(self, random.Random(f"{self._seed} {number}"))
        due = time.monotonic()
        try:
            while not self._ending.is_set():
                client.act()
                due = max(due + CLIENTS / GRANTS_A_SECOND, time.monotonic() - 1)
                self._ending.wait(max(0.0, due - time.monotonic()))
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            client.close()

    def survey(self):
        """Asks about all that was answered: each assertion, each chain's last token, each token."""
        survey = _Survey(self, random.Random(f"{self._seed} survey"))
        survey.ask([("present", *each) for each in self.assertions]
                   + [("refresh", token) for token in self.chains])
        survey.ask([("check", token) for token in {each["access"] for each in self.granted}])
        survey.close()


class _Survey:
    """Each question until there is an answer, to any of the nodes."""

    TRIES = 20

    def __init__(self, workload, chance):
        self._workload = workload
        self._chance = chance
        self._local = threading.local()
        self._all_requests = []

    def ask(self, questions):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            tasks = [pool.submit(self._ask, self._chance.choice(self._workload.nodes), *question)
                     for question in questions]
        for task in tasks:
            event = task.result()
            if event["outcome"] == "granted":
                self._workload.granted.append(event)

    def _ask(self, node, operation, *arguments):
        for _ in range(self.TRIES):
            event = getattr(self._requests(), operation)(node, *arguments)
            if event["outcome"] not in ("unavailable", "lost", "unsent"):
                break
            time.sleep(0.5)
        return event

    def _requests(self):
        """Of this thread."""
        if not hasattr(self._local, "requests"):
            self._local.requests = Requests(self._workload.application, self._workload.history)
            self._all_requests.append(self._local.requests)
        return self._local.requests

    def close(self):
        for each in self._all_requests:
            each.close()


class _Client:
    def __init__(self, workload, chance):
        self._workload = workload
        self._chance = chance
        self._requests = Requests(workload.application, workload.history)
        self._rival_requests = Requests(workload.application, workload.history)
        self._rival = concurrent.futures.ThreadPoolExecutor(1)

    def close(self):
        self._rival.shutdown()
        self._requests.close()
        self._rival_requests.close()

    def act(self):
        """A grant, and what comes of it."""
        jti = uuid.UUID(int=self._chance.getrandbits(128)).hex
        assertion = self._workload.application.assertion(
            jti=jti, exp=int(time.time()) + LIFETIME)
        self._workload.assertions.append((jti, assertion))
        if self._chance.random() < 0.1:
            events = self._race(lambda requests, node: requests.present(node, jti, assertion))
        else:
            events = [self._requests.present(self._node(), jti, assertion)]
        # Who got no answer tries again elsewhere; so does whoever has a copy.
        if all(event["outcome"] != "granted" for event in events) or self._chance.random() < 0.2:
            events.append(self._requests.present(self._node(), jti, assertion))
        for event in events:
            if event["outcome"] == "granted":
                self._workload.granted.append(event)
                self._use(event)

    def _use(self, granted):
        what = self._chance.random()
        if what < 0.3:
            self._requests.check(self._node(), granted["access"])
        elif what < 0.4:
            self._revoke(granted["access"], granted["access"])
        elif what < 0.45:
            self._revoke(granted["refresh"], granted["access"])
        elif what < 0.6:
            self._follow(granted["refresh"])

    def _revoke(self, token, access):
        event = self._requests.revoke(self._node(), token)
        if event["outcome"] == "revoked":
            for node in self._workload.nodes:
                self._requests.check(node, access)

    def _follow(self, token):
        """Refreshes, up to the first answer that is not a plain one: whoever goes on after a lost
        answer can be taken for a thief once the lost request arrives."""
        for _ in range(self._chance.randint(1, 3)):
            if self._chance.random() < 0.3:
                events = self._race(lambda requests, node: requests.refresh(node, token))
            else:
                events = [self._requests.refresh(self._node(), token)]
            self._workload.granted += [event for event in events if event["outcome"] == "granted"]
            if any(event["outcome"] != "granted" for event in events):
                break
            token = events[0]["refresh"]
        self._workload.chains.append(token)

    def _race(self, ask):
        """The same of two nodes at the same time."""
        first, second = self._node(), self._node()
        rival = self._rival.submit(ask, self._rival_requests, second)
        return [ask(self._requests, first), rival.result()]

    def _node(self):
        return self._chance.choice(self._workload.nodes)
