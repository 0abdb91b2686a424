"""Which page may load what, as the headers promise it."""

import pytest

pytestmark = pytest.mark.django_db


def policy_of(response) -> dict[str, str]:
    """Return the response's policy by directive."""
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: sources for name, _space, sources in parts}


@pytest.mark.parametrize("path", ["/account/sign-in/", "/account/sign-up/", "/nowhere/"])
def test_pages_for_everybody_run_only_our_own_files(client, path):
    policy = policy_of(client.get(path))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'self'"
    assert "script-src-elem" not in policy


def test_the_workspace_may_start_its_widgets_and_nothing_more(staff_client):
    policy = policy_of(staff_client().get("/admin/"))
    assert policy["script-src"] == "'self'"
    assert policy["script-src-elem"] == "'self' 'unsafe-inline'"
    assert policy["script-src-attr"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert "unsafe-eval" not in str(policy)
    assert "http" not in str(policy)
