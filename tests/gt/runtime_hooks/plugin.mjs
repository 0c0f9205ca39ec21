// Loads the plugin as OpenCode does, and prints what it makes of one session.
import { pathToFileURL } from "node:url";

const { Plaintown } = await import(pathToFileURL(process.argv[2]));
const prompts = [];
const client = { session: { prompt: async (call) => prompts.push(call) } };
const hooks = await Plaintown({ client, directory: process.cwd() });
const system = async (sessionID) => {
  const output = { system: ["yours"] };
  await hooks["experimental.chat.system.transform"]({ sessionID }, output);
  return output.system;
};
const event = (type, properties) => hooks.event({ event: { type, properties } });

await event("session.created", { info: { id: "ses_1" } });
await event("session.created", { info: { id: "ses_2", parentID: "ses_1" } });
const first = await system("ses_1");
const again = await system("ses_1");
const helper = await system("ses_2");
await event("session.idle", { sessionID: "ses_2" });
await event("session.idle", { sessionID: "ses_1" });
await event("session.compacted", { sessionID: "ses_1" });
await event("server.connected", undefined);
const compacted = await system("ses_1");
console.log(JSON.stringify({ first, again, helper, compacted, prompts }));
