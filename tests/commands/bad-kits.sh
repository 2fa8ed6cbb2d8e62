# A damaged kernel, list or record in a kit is an error that names it, whichever command reads it.
exec python3 "$(dirname "$0")/bad_input/kits.py"
