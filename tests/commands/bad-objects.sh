# Objects, modules and symbol lists that are damaged, hostile or of another kind: an error names the file and the reason.
exec python3 "$(dirname "$0")/bad_input/objects.py"
