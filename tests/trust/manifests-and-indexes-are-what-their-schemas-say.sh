# What the commands write is valid by the schemas in api/, and what was bent is not.
repository
add 2
agent_releases
sign_and_publish
python3 - <<'END'
import copy, glob, json, os, tarfile
import jsonschema
api = os.environ["SOURCE"] + "/api/"
manifest_schema, index_schema, agent_schema = (json.load(open(api + name + ".schema.json"))
                                               for name in ("manifest", "kernel-index", "agent-index"))
for schema in (manifest_schema, index_schema, agent_schema):
    jsonschema.Draft202012Validator.check_schema(schema)
indexes = [json.load(open(path)) for path in glob.glob("served/targets/*/*/*.kernel.json")]
levels = [tarfile.open(path) for path in sorted(glob.glob("served/targets/*/*/*.tar"))]
manifests = [json.load(level.extractfile("manifest.json")) for level in levels]
assert len(indexes) == 2 and len(manifests) == 2
for index in indexes:
    jsonschema.validate(index, index_schema, jsonschema.Draft202012Validator)
agent = json.load(open(*glob.glob("served/targets/agent/*.index.json")))
jsonschema.validate(agent, agent_schema, jsonschema.Draft202012Validator)
assert [each["release"] for each in agent["releases"]] == [1, 2]
for name in agent:
    bent = {key: value for key, value in agent.items() if key != name}
    assert not jsonschema.Draft202012Validator(agent_schema).is_valid(bent), name
for manifest in manifests:
    jsonschema.validate(manifest, manifest_schema, jsonschema.Draft202012Validator)
    names = [file["name"] for file in manifest["files"]]
    assert {"live-patch.ko", "provenance.json", "evidence.json", "proof.json"} <= set(names), names
    assert all(each["build_id"] for each in manifest["objects"]), manifest["objects"]
for name in manifests[0]:
    bent = copy.deepcopy(manifests[0])
    del bent[name]
    assert not jsonschema.Draft202012Validator(manifest_schema).is_valid(bent), name
statement = json.load(levels[0].extractfile("provenance.json"))
assert statement["_type"] == "https://in-toto.io/Statement/v1"
assert statement["subject"][0]["name"] == "live-patch.ko"
END
