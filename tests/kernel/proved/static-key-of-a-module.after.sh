# modules: nf_tables
# with: send-while-tracing
./send-while-tracing
status=$?
echo "send-while-tracing: $status"
[ $status = 1 ]
