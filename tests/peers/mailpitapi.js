// Calls every function of mailpit-api, unmodified, on the server that its argument names, and prints what each gave as
// one JSON object; a call that failed gave {"error": its message}. Run by test_mailpitapi.py, which installs it.
const { MailpitClient } = require("mailpit-api");

const [url, password] = process.argv.slice(2);
const client = new MailpitClient(url, password ? { auth: { username: "anybody", password } } : undefined);
const given = {};

async function call(name, work) {
    try {
        given[name] = await work();
    } catch (error) {
        given[name] = { error: error.message };
    }
    return given[name];
}

async function blob(work) {
    const octets = await work;
    return { type: octets.type, base64: Buffer.from(await octets.arrayBuffer()).toString("base64") };
}

(async () => {
    await call("info", () => client.getInfo());
    await call("configuration", () => client.getConfiguration());
    await call("sent", () => client.sendMessage({
        From: { Email: "user@example.test", Name: "First LastName" },
        To: [{ Email: "rec@example.test", Name: "Recipient Name" }],
        Subject: "Welcome", Text: "The text", HTML: "<p>The <b>page</b></p>", Tags: ["green"],
        Headers: { "X-Test": "yes" },
        Attachments: [{ Content: Buffer.from("attached").toString("base64"), Filename: "a.txt", ContentType: "text/plain" }],
    }));
    await call("sentAgain", () => client.sendMessage(
        { From: { Email: "other@client.test" }, To: [{ Email: "rec@example.test" }], Subject: "Second", Text: "x" }));
    const list = await call("list", () => client.listMessages());
    await call("page", () => client.listMessages(1, 1));
    await call("search", () => client.searchMessages({ query: "subject:Welcome", tz: "Pacific/Auckland" }));
    const one = await call("waited", () => client.waitForMessage({ query: "subject:Welcome" }));
    await call("waitedForTwo", () => client.waitForMessages({ count: 2, exact: true }));
    await call("summary", () => client.getMessageSummary(one.ID));
    await call("latest", () => client.getMessageSummary());
    await call("headers", () => client.getMessageHeaders(one.ID));
    await call("source", () => client.getMessageSource(one.ID));
    await call("attachment", () => blob(client.getMessageAttachment(one.ID, one.Attachments[0].PartID)));
    await call("thumbnail", () => blob(client.getAttachmentThumbnail(one.ID, one.Attachments[0].PartID)));
    await call("html", () => client.renderMessageHTML(one.ID));
    await call("text", () => client.renderMessageText(one.ID));
    await call("htmlCheck", () => client.htmlCheck(one.ID));
    await call("linkCheck", () => client.linkCheck(one.ID));
    await call("released", () => client.releaseMessage(one.ID, { To: ["far@away.test"] }));
    await call("unread", () => client.setReadStatus({ IDs: [one.ID], Read: false }));
    await call("readByQuery", () => client.setReadStatus({ Search: "subject:Second", Read: true }));
    await call("afterMarking", () => client.listMessages());
    await call("setTags", () => client.setTags({ IDs: [one.ID], Tags: ["x", "a b"] }));
    await call("tags", () => client.getTags());
    await call("renameTag", () => client.renameTag("a b", "c"));
    await call("deleteTag", () => client.deleteTag("x"));
    await call("noTag", () => client.deleteTag("x"));
    await call("tagged", () => client.searchMessages({ query: "tag:c" }));
    await call("tagsOfAll", async () => (await client.getInfo()).Tags);
    await call("deletedBySearch", () => client.deleteMessagesBySearch({ query: "subject:Second" }));
    await call("deleted", () => client.deleteMessages({ IDs: [list.messages[0].ID, one.ID] }));
    await call("deletedAll", () => client.deleteMessages());
    await call("empty", () => client.waitForMessages({ count: 0 }));
    await call("none", () => client.getMessageSummary());
    await call("spamAssassinCheck", () => client.spamAssassinCheck(one.ID));
    await call("chaos", () => client.getChaosTriggers());
    await call("setChaos", () => client.setChaosTriggers());
    console.log(JSON.stringify(given));
})();
