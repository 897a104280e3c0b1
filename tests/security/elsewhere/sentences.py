"""What somebody is told who was not let in."""

AGAIN = "Signing in with Corp did not work. Please try again; if it fails again, tell your admin."
AWAY = "Corp does not answer at the moment. Please try again in a few minutes."
STALE = "This sign-in was begun too long ago, or in another tab or browser. Please start again."
UNVERIFIED = "does not say that your e-mail address is verified"
