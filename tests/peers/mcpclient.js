// Drives "glasspost mcp" with the published client of the Model Context Protocol, unmodified, and prints what each call
// gave as one JSON object. Run by test_mcp.py, which installs it: mcpclient.js CALLS COMMAND..., CALLS being a JSON array
// of [name of the result, tool, arguments].
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StdioClientTransport } = require("@modelcontextprotocol/sdk/client/stdio.js");

const [calls, command, ...args] = process.argv.slice(2);

(async () => {
    const client = new Client({ name: "test", version: "1.0.0" });
    await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" }));
    const given = { server: client.getServerVersion(), tools: (await client.listTools()).tools };
    await client.ping();
    for (const [name, tool, input] of JSON.parse(calls)) {
        try {
            given[name] = await client.callTool({ name: tool, arguments: input });
        } catch (error) {
            given[name] = { code: error.code, message: error.message };
        }
    }
    await client.close();
    console.log(JSON.stringify(given));
})();
