path=$(printf './%.0s' $(seq 2040))
[ -d "$path" ]
