# Damaged and hostile Debian packages are errors that name them, and leave no half-made kit.
exec python3 "$(dirname "$0")/bad_input/packages.py"
