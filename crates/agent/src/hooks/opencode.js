// Plaintown's hooks for OpenCode, by `gt hooks install opencode`.
//
// An agent's session begins with what is on its hook, and is reminded when it
// goes idle with work left there. Without `gt`, or outside of a town, it does
// nothing.
import { spawnSync } from "node:child_process";

const ask = (cwd, args, said) => {
  const run = spawnSync("gt", args, {
    cwd,
    input: JSON.stringify(said),
    encoding: "utf8",
    timeout: 30000,
  });
  return run.status === 0 ? run.stdout : "";
};

export const Plaintown = async ({ client, directory }) => {
  const told = new Map();
  const helpers = new Set();

  const prime = (id, source) =>
    ask(directory, ["prime", "--hook=opencode"], {
      session_id: id,
      hook_event_name: "SessionStart",
      source,
    });

  const idle = async (id) => {
    const reason = ask(directory, ["hooks", "guard", "opencode"], {
      session_id: id,
      hook_event_name: "Stop",
    });
    if (!reason) return;
    await client.session.prompt({
      path: { id },
      body: { parts: [{ type: "text", text: reason }] },
    });
  };

  return {
    event: async ({ event }) => {
      const { info, sessionID } = event.properties ?? {};
      if (event.type === "session.created" && info?.parentID) helpers.add(info.id);
      if (helpers.has(sessionID)) return;
      if (event.type === "session.compacted") told.set(sessionID, prime(sessionID, "compact"));
      if (event.type === "session.idle") await idle(sessionID);
    },
    // Runs before every request, and says the same each time.
    "experimental.chat.system.transform": async ({ sessionID }, output) => {
      if (!sessionID || helpers.has(sessionID)) return;
      if (!told.has(sessionID)) told.set(sessionID, prime(sessionID, "startup"));
      const text = told.get(sessionID);
      if (text) output.system.push(text);
    },
  };
};
