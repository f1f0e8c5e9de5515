"""A small client of Domo's product API, as public clients use it: httpx, two ways to authenticate, plain calls."""

import re
import time

import httpx

ROLES = "/api/authorization/v1/roles"
AUTHORITIES = "/api/authorization/v1/authorities"
IDENTITY = "/api/identity/v1/users"
AUDIT = "/api/audit/v1/user-audits"
DEFAULT_ROLE = "/api/content/v1/customer-states/user.roleid.default"


class Refused(Exception):
    """The instance did not do what was asked."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text[:200]}")
        self.status = status


class Blocked(Exception):
    """A page stands in the way of the network of the caller."""


def _check_network(response):
    blocked = "<title>Domo - Blocked</title>" in response.text
    sent_away = response.status_code == 303 and "whitelist/blocked" in response.text
    if blocked or sent_away:
        paragraph = re.search(r"<p>(.*?)</p>", response.text).group(1)
        raise Blocked(re.search(r"\d+\.\d+\.\d+\.\d+", paragraph).group(0))


class DomoClient:
    """Talks to one instance. Every method raises Refused for an answer that is not a success."""

    def __init__(self, base_url, headers):
        self.http = httpx.Client(base_url=base_url, headers=headers, timeout=30)

    @classmethod
    def with_token(cls, base_url, token):
        return cls(base_url, {"X-DOMO-Developer-Token": token})

    @classmethod
    def with_password(cls, base_url, email, password):
        answer = cls(base_url, {}).log_in(email, password)
        if not answer.get("success"):
            raise Refused(200, answer["reason"])
        return cls(base_url, {"X-Domo-Authentication": answer["sessionToken"]})

    def call(self, method, path, **options):
        response = self.http.request(method, path, **options)
        _check_network(response)
        if not response.is_success:
            raise Refused(response.status_code, response.text)
        if "application/json" in response.headers.get("content-type", ""):
            return response.json()
        return response.text

    def log_in(self, email, password):
        body = {"method": "password", "emailAddress": email, "password": password}
        return self.call("POST", "/api/content/v2/authentication", json=body)

    def who_am_i(self):
        return self.call("GET", "/api/content/v2/users/me")

    # Roles

    def roles(self):
        return self.call("GET", ROLES)

    def role(self, role_id):
        return self.call("GET", f"{ROLES}/{role_id}")

    def role_exists(self, role_id):
        return self.call("GET", f"{ROLES}/{role_id}/exists")

    def role_grants(self, role_id):
        return self.call("GET", f"{ROLES}/{role_id}/authorities")

    def role_people(self, role_id, **query):
        return self.call("GET", f"{ROLES}/{role_id}/users", params=query)

    def create_role(self, name, description, **more):
        return self.call("POST", ROLES, json={"name": name, "description": description, **more})

    def update_role(self, role_id, name, description):
        body = {"id": role_id, "name": name, "description": description}
        return self.call("PUT", f"{ROLES}/{role_id}", json=body)

    def set_grants(self, role_id, grants, method="PUT"):
        return self.call(method, f"{ROLES}/{role_id}/authorities", json=grants)

    def add_people(self, role_id, user_ids):
        return self.call("PUT", f"{ROLES}/{role_id}/users", json=user_ids)

    def delete_role(self, role_id):
        return self.call("DELETE", f"{ROLES}/{role_id}")

    def default_role(self):
        return self.call("GET", DEFAULT_ROLE, params={"defaultValue": 2, "ignoreCache": True})

    def set_default_role_by_state(self, role_id):
        body = {"name": "user.roleid.default", "value": str(role_id)}
        return self.call("PUT", DEFAULT_ROLE, json=body)

    def set_default_role_by_settings(self, role_id, allowlist=None):
        body = {"defaultRoleId": role_id, "allowlistRoleIds": allowlist}
        return self.call("PUT", f"{ROLES}/settings", json=body)

    # The catalogue

    def authorities(self):
        return self.call("GET", AUTHORITIES)

    def authority_roles(self, authority):
        return self.call("GET", f"{AUTHORITIES}/{authority}/roles")

    def authority_groups(self):
        return self.call("GET", "/api/authorization/v1/authority/groups")

    def holders(self, authority, page=100):
        users = []
        while True:
            query = {"type": "userByEmail", "authorities": authority, "limit": page, "offset": len(users)}
            found = self.call("GET", "/api/content/v1/typeahead", params=query)["users"]
            users += found
            if len(found) < page:
                return users

    # People

    def search(self, **body):
        return self.call("POST", f"{IDENTITY}/search", json=body)

    def search_all(self, page, **body):
        users = []
        while True:
            answer = self.search(limit=page, offset=len(users), showCount=True, count=False, **body)
            users += answer["users"]
            if not answer["users"] or len(users) >= answer["count"]:
                return users

    def people(self, **query):
        return self.call("GET", IDENTITY, params=query)["users"]

    def people_v2(self):
        return self.call("GET", "/api/content/v2/users")

    def person_v2(self, user_id):
        return self.call("GET", f"/api/content/v2/users/{user_id}")

    def person_v3(self, user_id):
        query = {"includeDetails": "true"}
        return self.call("GET", f"/api/content/v3/users/{user_id}", params=query)

    def create_person(self, name, email, role_id):
        body = {"displayName": name, "detail": {"email": email}, "roleId": role_id}
        return self.call("POST", "/api/content/v3/users", json=body, params={"sendInvite": "false"})

    def set_attribute(self, user_id, key, value):
        body = {"attributes": [{"key": key, "values": [value]}]}
        return self.call("PATCH", f"{IDENTITY}/{user_id}", json=body)

    def delete_person(self, user_id):
        return self.call("DELETE", f"{IDENTITY}/{user_id}")

    # The audit log

    def audit(self, **query):
        day = 86_400_000
        now = int(time.time() * 1000) + day
        return self.call("GET", AUDIT, params={"start": now - 400 * day, "end": now, **query})

    def audit_count(self, **query):
        return self.call("GET", f"{AUDIT}/count", params=query)["count"]

    def audit_object_types(self):
        return self.call("GET", f"{AUDIT}/objectTypes")

    def audit_event_types(self, object_type):
        return self.call("GET", f"{AUDIT}/objectTypes/{object_type}/eventTypes")
