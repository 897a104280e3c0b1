"""The forms that sign people up and in, as a browser posts them."""

import httpx


async def sign_up(url: str, name: str, email: str, password: str) -> str:
    """The Cookie header of somebody who is new."""
    return await _post(url, "/auth/sign-up", name=name, email=email, password=password)


async def sign_in(url: str, email: str, password: str) -> str:
    """The Cookie header of somebody who has an account."""
    return await _post(url, "/auth/sign-in", email=email, password=password)


async def _post(url: str, path: str, **form: str) -> str:
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30) as browser:
        answer = await browser.post(path, data=form)
    assert answer.status_code == 303, f"{path} answered {answer.status_code}: {answer.text[:200]}"
    assert answer.headers["location"] == "/", f"{path} sent {form['email']} back to {answer.headers['location']}"
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
