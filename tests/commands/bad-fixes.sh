# Diffs and arguments that are damaged, hostile or of another kind: an error names the place, and nothing is written.
exec python3 "$(dirname "$0")/bad_input/fixes.py"
