"""Lists that are given in parts."""
import json
import re
import sqlite3

import case


class Pages(case.Case):
    def pages(self, target):
        found = []
        while target:
            status, page, fields = self.server.ask_fully("GET", target, token=self.operator)
            self.assertEqual(status, 200, page)
            found.append(page)
            link = re.fullmatch('<(.*)>; rel="next"', fields["Link"] or "")
            target = link and link[1]
        return found

    def test_lists_are_read_page_by_page_and_suture_reads_all_of_them(self):
        begun = self.last_entry()
        for number in range(3):
            self.host(f"host-{number}", f"ring-{number}")
            self.created(1, (f"ring-{number}", {}))
        names = lambda pages: [[each["hostname"] for each in page] for page in pages]
        self.assertEqual(names(self.pages("/v1/hosts?limit=2")), [["host-0", "host-1"], ["host-2"]])
        self.assertEqual([len(page) for page in self.pages("/v1/rollouts?limit=1")], [1, 1, 1])
        audit = self.pages(f"/v1/audit?limit=2&after={begun}")
        self.assertEqual([each["sequence"] - begun for page in audit for each in page], list(range(1, 7)))
        self.refused(self.server.ask("GET", "/v1/hosts?limit=0", token=self.operator), 400, "bad-input")

    def test_suture_lists_more_hosts_than_a_page_has(self):
        self.host("a", "canary")
        with sqlite3.connect(self.server.directory / "suture.db") as database:
            for number in range(150):
                database.execute("INSERT INTO host SELECT id || ?1, key || ?1, hostname || ?1, machine_id, enrolled, held, labels FROM host "
                                 "WHERE hostname = 'a'", (f"-{number}",))
        listed = json.loads(self.suture("hosts", "list", "--json").stdout)
        self.assertEqual(len({each["host"] for each in listed}), 151)
        self.assertEqual(len(self.suture("hosts", "list").stdout.splitlines()), 152)

    def test_a_list_is_not_sent_again_to_whom_has_it(self):
        host = self.host("a", "canary")
        look = lambda **fields: self.server.ask_fully("GET", "/v1/hosts", token=self.operator, **fields)
        seen = look()[2]["ETag"]
        self.assertEqual(look(If_None_Match=seen)[:2], (304, None))
        self.report(host, level=1)
        self.assertEqual(look(If_None_Match=seen)[0], 200)
