# modules: nf_tables
# with: send-while-tracing
./send-while-tracing
