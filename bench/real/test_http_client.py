"""python-http-client 3.3.7."""

from python_http_client import Client
from together import together


def test_two_kinds_of_content() -> None:
    """Up to 3.3.7, the newest.

    The headers of one request become headers of the client (client.py:145), and by these the body
    is encoded (client.py:250): a JSON body is taken for the text that another thread posts.
    Symptom: AttributeError, a dict has no `encode`.
    """
    client = Client(host="data:,answer")
    text, json = {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}
    together(
        lambda: client.post(request_body="hello", request_headers=text),
        lambda: client.post(request_body={"hello": 1}, request_headers=json),
    )
