"""What the doctor makes of the program's own answers, and of none."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from app import settings
from app.doctor import ways


async def test_the_doctor_does_not_take_a_program_that_gives_no_answer_for_none():
    class Silent(BaseHTTPRequestHandler):
        def do_GET(self) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Silent) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ways.Unwell, match=f"Something has port {server.server_port}, and gives no answer"):
            await ways.program(settings.load({"PORT": str(server.server_port)}))
        server.shutdown()


async def test_the_doctor_passes_on_what_the_program_says_of_its_parts():
    class Unwell(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()
            self.wfile.write(b'{"status": "unhealthy", "parts": {"scheduler": "It gives no sign of life."}}')

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Unwell) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ways.Unwell, match=r"not all is well \(scheduler: It gives no sign of life\)"):
            await ways.program(settings.load({"PORT": str(server.server_port)}))
        server.shutdown()
