/** Input that is wrong, hostile or too much: a typed refusal that names the next step, nothing lost, service as before. */
export default {
  "bad-input.stdio.json": "A line on stdin that is no JSON is answered with BAD_JSON, and the server goes on.",
  "bad-input.stdio.message": "JSON on stdin that is no JSON-RPC 2.0 message is answered with BAD_MESSAGE, and the server goes on.",
  "bad-input.stdio.method": "An unknown method or a malformed call is answered under its id with JSON-RPC's own number.",
  "bad-input.stdio.fields": "An unknown field of a call is refused by name, also one that every object inherits.",
  "bad-input.stdio.large": "Ten megabytes in one argument are refused by that argument's limit, shortly, and the server goes on.",
  "bad-input.stdio.endless": "A line longer than any call is answered with TOO_LARGE, and the server ends cleanly.",
  "bad-input.http.refused": "A body that is no call is refused with a status, a code and the next step, and the host goes on.",
  "bad-input.http.fields": "Unknown fields and malformed calls over HTTP are refused as they are over stdio.",
  "bad-input.http.bytes": "Bytes that are no HTTP and requests cut in the middle do the host no harm.",
  "bad-input.ids.tools": "No argument of any tool lets a word climb out of a folder, whoever sends it; nothing outside is read or written.",
  "bad-input.ids.cli": "A command given something that is no id refuses it and changes nothing.",
  "bad-input.repository.none":
    "No repository, a bare one, one without a commit, a missing git: refused by tool and command with what to do.",
  "bad-input.repository.odd":
    "Detached, shallow, dirty, in a merge, with a lock left behind: a swarm starts, and the checkout stays as it was.",
  "bad-input.names":
    "Names with quotes, line breaks, backticks and any script pass through plan, work, diff, review, merge and landing as data; plans in a circle are refused.",
  "bad-input.files": "A broken config, role or team file is refused with file and line, makes no swarm, and needs nothing but mending.",
  "bad-input.read-only.new": "A repository that cannot hold the state is refused with STORE_READONLY and the folder.",
  "bad-input.read-only": "A state folder that became read-only is still read; changes are refused with STORE_READONLY; nothing is lost.",
  "bad-input.full-disk": "On a full disk every yes is kept, everything else is refused with STORE_FULL, and room makes it work again.",
} as const;
