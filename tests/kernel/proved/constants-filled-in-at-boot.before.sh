# A lookup changes nothing of the task that looks.
[ ! -e /tmp/my-new-me ] && [ "$(cat /proc/$$/comm)" != my-new-me ]
