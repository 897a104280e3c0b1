"""Frames, requests and cookies that no page of ours sends: each was once somebody's way in, or somebody's way down."""

import json

from tests.live.client import BOARD, ROOT

LOAD = f"{ROOT}.hydrate_and_load"
COMPLETE = f"{BOARD}.complete_task"


def _event(name: object = LOAD, payload: object = None, **more: object) -> str:
    return "42/_event," + json.dumps(["event", {"name": name, "payload": payload or {}, **more}])


FRAMES: list[str | bytes] = [
    "",
    " ",
    "\x00",
    "4",
    "40",
    "40/_event",
    "40/_event,",
    "40/_event,[]",
    '40/_event,{"event":1}',
    '40/_event,{"event":{"name":"x"}}',
    '40/_event,{"state_schema":"' + "x" * 5000 + '\\nINJECTED"}',
    '40/_event,{"token":"\\ud800"}',
    "40/another,",
    "40/_event?token=1,",
    "41",
    "41/_event,",
    "41/another,",
    "42",
    '42["event",{}]',
    "42/_event",
    "42/_event,",
    "42/_event,[]",
    "42/_event,null",
    '42/_event,"event"',
    "42/_event,[null]",
    '42/_event,["event"]',
    '42/_event,["event",null]',
    '42/_event,["event",[]]',
    '42/_event,["event","{}"]',
    '42/_event,["disconnect"]',
    '42/_event,["connect",{}]',
    '42/_event,["client_error",{"kind":"\\nINJECTED","message":"' + "x" * 3000 + '"}]',
    '42/_event,["client_error"]',
    '42/_event,["client_error",7]',
    '42/_event,["ping",{"a":1}]',
    "42/_event,1[]",
    '42/_event,99999999999999999999["ping"]',
    '421["ping"]',
    '43/_event,1["x"]',
    '44/_event,{"message":"x"}',
    '451-/_event,["event",{"_placeholder":true,"num":0}]',
    '4599999999-/_event,["event",{"_placeholder":true,"num":99999999}]',
    '461-/_event,1["x",{"_placeholder":true,"num":0}]',
    "5",
    "6",
    "7",
    "0{}",
    '0{"sid":"x"}',
    "2probe",
    "3probe",
    "bAAAA",
    "42/_event," + "[" * 30_000,
    "42/_event," + "[" * 30_000 + "]" * 30_000,
    "42/_event," + '{"a":' * 20_000 + "1" + "}" * 20_000,
    '42/_event,["event",{"name":' + "9" * 10_000 + "}]",
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"task_id":' + "9" * 4000 + "}}]",
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"task_id":1e400}}]',
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"task_id":NaN}}]',
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"task_id":-Infinity}}]',
    '42/_event,["event",{"name":"' + COMPLETE + '","name":"' + LOAD + '","payload":{}}]',
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"task_id":1,"task_id":2}}]',
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"__class__":1,"self":1,"tx":1,"actor":{"id":1}}}]',
    '42/_event,["event",{"name":"' + COMPLETE + '","payload":{"\\nINJECTED":1}}]',
    '42/_event,["event",{"name":"'
    + f"{BOARD}.rename_task"
    + '","payload":{"task_id":1,"title":"\\ud800\\udfff\\udc00",'
    '"based_on":0}}]',
    '42/_event,["event",{"name":"'
    + f"{BOARD}.rename_task"
    + '","payload":{"task_id":1,"title":"\\u0000","based_on":0}}]',
    '42/_event,["event",{"name":"'
    + f"{BOARD}.add_tasks"
    + '","payload":{"lane_id":1,"titles":['
    + '"x",' * 9000
    + '"x"]}}]',
    _event(f"{ROOT}.setvar", {"var_name": "is_hydrated", "value": True}),
    _event(f"{ROOT}.update_vars_internal", {"vars": {}}),
    _event(f"{ROOT}.__init__"),
    _event(f"{ROOT}.get_state", {"state_cls": "x"}),
    _event("_call_script", {"javascript_code": "alert(1)"}),
    _event(LOAD + "\nINJECTED"),
    _event(["x"]),
    _event(payload={"\nINJECTED": 1}),
    _event(payload={"hashes": "x"}),
    _event(payload={"hashes": [None, {"a": []}, 7, "x" * 3000]}),
    _event(payload={"hashes": ["x"] * 9000}),
    _event(payload={"state": "x" * 1000}),
    _event(router_data=[]),
    _event(router_data={"pathname": "/b/" + "9" * 5000, "asPath": "/b/1\nINJECTED", "query": {}}),
    _event(router_data={"pathname": "/[[...slug]]/(.*)+$", "asPath": "//evil.example/%00", "query": {"a": ["b", "c"]}}),
    _event(router_data={"pathname": "/b/1", "asPath": "http://[", "query": {}}),
    _event(router_data={"pathname": "/b/1", "asPath": "/b/1?task=" + "x" * 5000, "query": {"task": "\ud800"}}),
    _event(router_data={"pathname": "/join/\x00", "asPath": "/join/\x00\ud800", "query": {}}),
    _event(router_data={"pathname": "/w/٣/members", "asPath": "/w/٣/members", "query": {}}),
    _event(router_data={"pathname": "/w/", "asPath": "/w/", "query": {"__proto__": "x", "constructor": "x"}}),
    _event(router_data={"pathname": "/", "asPath": "/", "query": {}, "headers": {"cookie": "tandem=x"}, "token": "x"}),
    _event(token="somebody else's", substate_token="x", client_token="x"),
    b"",
    b"\x00",
    b"4\x00\xff",
    b"\xff" * 70_000,
    "x" * 140_000,
    "42/_event," + json.dumps(["event", {"name": LOAD, "payload": {"x": "x" * 140_000}}]),
]
"""Text, or bytes for binary frames."""

RAW: list[bytes] = [
    b"\x81\x05hello",  # not masked
    b"\xc1\x85\x00\x00\x00\x00hello",  # a reserved bit
    b"\x83\x85\x00\x00\x00\x00hello",  # an opcode that there is not
    b"\x80\x85\x00\x00\x00\x00hello",  # the rest of a message that never began
    b"\x01\x85\x00\x00\x00\x0042/_e" + b"\x01\x85\x00\x00\x00\x00vent,",  # a message within a message
    b"\x81\x84\x00\x00\x00\x00\xff\xfe\xfd\xfc",  # not UTF-8
    b"\x81\x86\x00\x00\x00\x004\xed\xa0\x80\xed\xa0",  # a surrogate of its own
    b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # a length of 2^63
    b"\x89\xfe\x01\x00\x00\x00\x00\x00" + b"x" * 256,  # a ping that is too long
    b"\x09\x80\x00\x00\x00\x00",  # a ping in parts
    b"\x88\x81\x00\x00\x00\x00x",  # a goodbye of one byte
    b"\x88\x82\x00\x00\x00\x00\x03\xed",  # with a code that is not for sending
    b"\x88\x84\x00\x00\x00\x00\x03\xe8\xff\xff",  # with words that are not UTF-8
    b"\x89\x80\x00\x00\x00\x00" * 500,
    b"GET / HTTP/1.1\r\n\r\n",
    bytes(range(256)) * 8,
]
"""What is written right into an open WebSocket, past its rules."""

HOST = b"Host: 127.0.0.1\r\n"
REQUESTS: list[bytes] = [
    b"\r\n" * 1000,
    b"\x00" * 1000,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"get / http/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: [\r\nOrigin: http://[\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\nHost: [\r\nOrigin: http://[\r\nContent-Length: 0\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\nHost: a@b:c\r\nOrigin: http://a@b:c\r\nContent-Length: 0\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: \xff\xfe\xe2\x80\xa8INJECTED\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n INJECTED\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X : a\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X\x00: a\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"User-Agent: \x1b[31mINJECTED\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: x\r\n" % number for number in range(20_000)) + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 500_000 + b"\r\n\r\n",
    b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /%ff%fe%00%0aINJECTED HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /b/%0d%0aSet-Cookie:%20tandem=INJECTED HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /sign-in?next=%0d%0aX-INJECTED:1&next=//evil.example HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET //evil.example/%2f.. HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 1e3\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n",
    b"POST /auth/sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n",
    b"GET /_event/?token=x HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /_event/ HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 1\r\n"
    b"Sec-WebSocket-Key: \xff\r\n\r\n",
    b"GET /_event/ HTTP/1.1\r\n" + HOST + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
    b"GET /_event/?EIO=4&transport=polling HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"Range: bytes=0-1,2-3,5-\r\nIf-None-Match: " + b'"x",' * 5000 + b"\r\n\r\n",
    b"GET /assets/ HTTP/1.1\r\n" + HOST + b"Accept-Encoding: " + b"gzip;q=nan," * 3000 + b"\r\n\r\n",
]
"""Whole requests, as bytes."""

_PARTS = ("e30", "eyJhbGciOiJub25lIn0", "W10", "bnVsbA", "MQ", "____", "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9")
COOKIES: list[str] = [
    "tandem=",
    "tandem",
    "=x",
    ";;;;",
    "tandem=.",
    "tandem=..",
    "tandem=a.b.c.d.e",
    "tandem=\xff\xfe",
    'tandem="e30.e30."',
    "tandem=" + "A" * 60_000,
    "tandem=" + "." * 5000,
    "; ".join(f"tandem={number}" for number in range(2000)),
    "tandem=" + "W1tb" * 10_000 + ".e30.e30",
    *(f"tandem={head}.{claims}.{seal}" for head in _PARTS for claims in _PARTS for seal in ("", "e30")),
]
"""Cookie headers: tokens with no algorithm, with lists for claims, with nothing in them."""
