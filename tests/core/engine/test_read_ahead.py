"""Nothing is read ahead where it would take power or time from somebody."""

from gardener_core.answers.requests import AskRequest, CompleteRequest, ReadAheadRequest
from gardener_core.engine.lanes.read_ahead import reason_to_leave_it
from gardener_core.engine.protocol import ROUTES, decode_request, encode_request


def test_battery_runs_and_load_keep_it_from_reading() -> None:
    def reason(busy: bool, battery: int | None, load: float) -> str:
        return reason_to_leave_it(busy, lambda: battery, lambda: load, lambda: 2)

    assert reason(False, None, 1.0) == ""
    assert reason(False, 80, 1.0) == "battery"
    assert reason(True, None, 0.0) == "load"
    assert reason(False, None, 3.5) == "load"


def test_it_gives_way_to_whoever_wants_the_model() -> None:
    route = ROUTES[ReadAheadRequest]
    assert route.one_at_a_time and set(route.gives_way_to) == {AskRequest, CompleteRequest}
    request = ReadAheadRequest(AskRequest("p", "what", 5, base="m"))
    assert decode_request(encode_request(7, request)) == (7, request)
