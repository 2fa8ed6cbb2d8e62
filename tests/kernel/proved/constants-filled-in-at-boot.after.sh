# Names are still found, also those that are looked up for the first time, and not found where they are not.
mkdir /tmp/some && echo content >/tmp/some/file && [ "$(cat /tmp/some/file)" = content ] || exit
[ ! -e /tmp/some/other ] && mv /tmp/some/file /tmp/some/other && [ -e /tmp/some/other ] && rm -r /tmp/some || exit
[ ! -e /tmp/my-new-me ] && [ "$(cat /proc/$$/comm)" = my-new-me ]
