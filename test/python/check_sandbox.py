"""Checks that a served instance answers a client as public clients expect.

check_sandbox.py URL token|password|blocked SECRET [EMAIL]: prints a list of {"check", "problem"} as JSON.
"""

import json
import sys
import traceback

from domo_client import Blocked, DomoClient, Refused

NUMBER, TEXT, FLAG, LIST = int, str, bool, list
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def has(row, **fields):
    """Fails unless the row has each field with just this type. Numbers may not be text, nor flags numbers."""
    for name, kind in fields.items():
        assert name in row, f"{name} is missing in {sorted(row)}"
        assert type(row[name]) is kind, f"{name} is {row[name]!r}, not {kind.__name__}"


def refused(status, call, *arguments):
    try:
        call(*arguments)
    except Refused as refusal:
        assert refusal.status == status, f"refused with {refusal.status}, not {status}"
        return
    raise AssertionError(f"not refused with {status}")


def attributes(user):
    return {entry["key"]: entry["values"] for entry in user["attributes"]}


def role_named(domo, name):
    return next(role for role in domo.roles() if role["name"] == name)


@check
def the_acting_person(domo):
    me = domo.who_am_i()
    has(me, id=NUMBER, displayName=TEXT, emailAddress=TEXT, avatarKey=TEXT, userType=TEXT, created=NUMBER)
    has(me, invitorUserId=NUMBER, modified=NUMBER, accepted=FLAG, active=FLAG, pending=FLAG, systemUser=FLAG)
    assert "roleId" not in me, "users/me has a role"


@check
def the_roles(domo):
    roles = domo.roles()
    assert [role["id"] for role in roles][:5] == [1, 2, 3, 4, 5]
    for role in roles:
        has(role, id=NUMBER, name=TEXT, authorityCount=NUMBER, userCount=NUMBER, created=NUMBER)
    assert domo.role(3) == roles[2]
    assert domo.role_exists(3) == "true"
    refused(404, domo.role, 77)


@check
def an_unknown_role_has_no_grants_and_no_people(domo):
    assert domo.role_grants(77) == []
    assert domo.role_people(77)["users"] == []


@check
def a_role_lives_and_goes(domo):
    made = domo.create_role("Client Role", "by a client")
    has(made, id=NUMBER, name=TEXT, description=TEXT)
    role_id = made["id"]
    assert domo.update_role(role_id, "Client Role 2", "renamed")["status"] == "SUCCESS"
    assert domo.role(role_id)["name"] == "Client Role 2"
    for method, grants in [("PUT", ["alert.edit", "dataset.admin"]), ("PATCH", ["content.export"])]:
        domo.set_grants(role_id, grants, method)
        assert domo.role_grants(role_id) == grants
    assert domo.delete_role(role_id) == ""
    refused(404, domo.role, role_id)


@check
def a_role_starts_as_another_one(domo):
    made = domo.create_role("Client Copy", "", fromRoleId=4)
    assert domo.role_grants(made["id"]) == domo.role_grants(4)
    domo.delete_role(made["id"])


@check
def people_move_by_number_and_by_text(domo):
    viewers, analysts = role_named(domo, "Finance Viewer"), role_named(domo, "Data Analyst")
    page = domo.role_people(viewers["id"], offset=0, limit=50, sort="displayName", ascending="true")
    has(page, totalCount=NUMBER, totalFilteredCount=NUMBER, users=LIST)
    has(page["users"][0], userId=NUMBER, email=TEXT, displayName=TEXT, roleId=NUMBER)
    ids = [user["userId"] for user in page["users"]]
    domo.add_people(analysts["id"], [str(ids[0]), ids[1]])
    assert domo.role(viewers["id"])["userCount"] == len(ids) - 2
    domo.add_people(viewers["id"], ids)
    assert domo.role_people(viewers["id"])["totalCount"] == len(ids)
    refused(400, domo.delete_role, viewers["id"])


@check
def the_default_role(domo):
    assert domo.default_role() == {"name": "user.roleid.default", "value": "2"}
    domo.set_default_role_by_state(4)
    assert domo.default_role()["value"] == "4"
    assert domo.set_default_role_by_settings(2) == ""
    assert domo.default_role()["value"] == "2"


@check
def the_catalogue(domo):
    rows, groups = domo.authorities(), domo.authority_groups()
    for row in rows:
        has(row, authority=TEXT, title=TEXT, description=TEXT, userCount=NUMBER, roleIds=LIST)
        has(row, dependsOnAuthorities=LIST, implicitAuthorities=LIST, adminLevel=FLAG, systemGroup=FLAG)
        assert row["authorityUIGroup"] in groups
        assert all(type(role_id) is int for role_id in row["roleIds"])
    first = rows[0]
    assert [role["id"] for role in domo.authority_roles(first["authority"])] == first["roleIds"]


@check
def search_by_id(domo):
    ids = [str(user["id"]) for user in domo.people(limit=3)]
    id_filter = {"field": "id", "filterType": "value", "values": ids, "operator": "EQ"}
    found = domo.search(includeDeleted=False, includeSupport=False, filters=[id_filter])
    has(found, count=NUMBER, users=LIST)
    assert sorted(str(user["id"]) for user in found["users"]) == sorted(ids)


@check
def search_by_text(domo):
    for field, text, by in [("emailAddress", "ANA@acme.com", "displayName"), ("displayName", "ana s", "created")]:
        text_filter = {"filterType": "text", "field": field, "text": text}
        order = {"field": by, "order": "ASC"}
        body = {"limit": 200, "offset": 0, "sort": order, "filters": [text_filter]}
        users = domo.search(includeDeleted=False, includeSupport=False, **body)["users"]
        assert [user["displayName"] for user in users] == ["Ana Silva"], users
        has(users[0], id=NUMBER, userName=TEXT, emailAddress=TEXT, roleId=NUMBER)


@check
def search_everybody(domo):
    whole = domo.search_all(200, includeDeleted=True, parts=["DETAILED", "ROLE"])
    paged = domo.search_all(9, includeDeleted=True, attributes=["roleId", "isActive"])
    assert [user["id"] for user in whole] == [user["id"] for user in paged]
    detailed = attributes(whole[0])
    for key in ["created", "modified", "avatarKey", "isAnonymous", "isSystemUser", "isPending"]:
        assert key in detailed, f"{key} is not an attribute"
    assert type(detailed["created"][0]) is int
    assert set(attributes(paged[0])) == {"roleId", "isActive"}
    gone = domo.search(limit=50, onlyDeleted=True)["users"]
    assert [user["displayName"] for user in gone] == ["Gone Person"]


@check
def one_person(domo):
    me = domo.who_am_i()["id"]
    assert domo.person_v2(me)["id"] == me
    has(domo.person_v3(me), id=NUMBER, roleId=NUMBER, role=TEXT, detail=dict)
    assert domo.person_v2(77) == ""
    refused(404, domo.person_v3, 77)
    assert me in [user["id"] for user in domo.people_v2()]


@check
def a_person_comes_and_goes(domo):
    made = domo.create_person("Client Person", "client@acme.com", 4)
    has(made, id=NUMBER, displayName=TEXT, roleId=NUMBER)
    changed = domo.set_attribute(made["id"], "roleId", 5)
    assert attributes(changed)["roleId"] == [5]
    domo.delete_person(made["id"])
    assert domo.person_v2(made["id"]) == ""


@check
def the_audit_log(domo):
    role = domo.create_role("Audited", "")
    domo.delete_role(role["id"])
    events = domo.audit(objectType="ROLE,USER", limit=300)
    for event in events:
        has(event, userName=TEXT, userId=TEXT, actionType=TEXT, objectType=TEXT, objectId=TEXT)
        has(event, time=NUMBER, eventText=TEXT, additionalComment=TEXT)
    own = domo.audit(objectType="ROLE", objectId=role["id"])
    assert [event["actionType"] for event in own] == ["DELETED", "CREATED"]
    assert domo.audit_count(objectType="ROLE", objectId=role["id"]) == 2
    me = domo.who_am_i()["id"]
    assert domo.audit_count(user=me, eventType="DELETED", objectId=role["id"]) == 1
    for entry in domo.audit_object_types():
        has(entry, type=TEXT, translation=TEXT)
        for kind in domo.audit_event_types(entry["type"]):
            has(kind, type=TEXT, translation=TEXT)


@check
def who_holds_a_grant(domo):
    holders = domo.holders("authorization.roles", page=2)
    assert len(holders) > 2
    has(holders[0], id=NUMBER, displayName=TEXT, email=TEXT, avatarKey=TEXT)
    me = domo.who_am_i()["id"]
    assert me in [user["id"] for user in domo.holders("authorization.roles")]


@check
def refused_logins(domo):
    for email, password in [("root@acme.com", "wrong"), ("nobody@acme.com", "wrong")]:
        assert domo.log_in(email, password) == {"success": False, "reason": "INVALID_CREDENTIALS"}
    stranger = DomoClient.with_token(str(domo.http.base_url), "wrong")
    refused(401, stranger.roles)


def outcome(function, domo):
    try:
        function(domo)
    except Exception:
        return traceback.format_exc()
    return None


def main(url, way, secret, email=""):
    if way == "blocked":
        try:
            DomoClient.with_token(url, secret).roles()
        except Blocked as page:
            print(json.dumps(str(page)))
        return
    client = {
        "token": lambda: DomoClient.with_token(url, secret),
        "password": lambda: DomoClient.with_password(url, email, secret),
    }
    domo = client[way]()
    print(json.dumps([{"check": one.__name__, "problem": outcome(one, domo)} for one in CHECKS]))


main(*sys.argv[1:])
