// Calls every command of cypress-mailpit, unmodified, on the server that its argument names, and prints what each gave as
// one JSON object; a call that failed gave {"error": its message}. Of Cypress it has what those commands use: a request
// over HTTP, the environment, and a pause. Run by test_mailpitapi.py, which installs it.
const esbuild = require("esbuild");

const [url, password] = process.argv.slice(2);
const commands = {};
const called = new Set();

globalThis.Cypress = {
    expose: (name) => ({ MAILPIT_URL: url })[name],
    config: (name) => ({ defaultCommandTimeout: 4000 })[name],
    Commands: { add: (name, options, run) => { commands[name] = run; } },
};

async function request({ method, url, qs, body, auth }) {
    const query = qs ? "?" + new URLSearchParams(qs) : "";
    const headers = auth ? { Authorization: "Basic " + Buffer.from(auth.user + ":" + auth.pass).toString("base64") } : {};
    if (body !== undefined)
        headers["Content-Type"] = "application/json";
    const response = await fetch(url + query, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok)
        throw new Error(response.status + " " + text);
    const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

globalThis.cy = {
    env: async () => ({ MAILPIT_USERNAME: "anybody", MAILPIT_PASSWORD: password }),
    wrap: async (value) => value,
    wait: (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); }),
    request,
};

// Its modules import each other without the endings of their files' names: Cypress bundles what it is given.
const bundled = esbuild.buildSync({ entryPoints: [require.resolve("cypress-mailpit")], bundle: true, write: false });
(0, eval)(bundled.outputFiles[0].text);

const given = {};

async function call(name, command, ...words) {
    called.add(command);
    try {
        given[name] = await commands[command](...words);
    } catch (error) {
        given[name] = { error: error.message };
    }
    return given[name];
}

(async () => {
    await call("sent", "mailpitSendMail",
        { attachments: [{ Content: Buffer.from("attached").toString("base64"), FileName: "a.txt", Filename: "a.txt" }] });
    await call("sentAgain", "mailpitSendMail", { subject: "Second", to: [{ Email: "joe@example.com", Name: "Joe" }] });
    const all = await call("all", "mailpitGetAllMails");
    const first = all.messages[1];
    const one = await call("one", "mailpitGetMail", first.ID);
    await call("latest", "mailpitGetMail");
    await call("bySearch", "mailpitSearchEmails", "subject:Hello");
    await call("bySubject", "mailpitGetEmailsBySubject", "Hello");
    await call("byTo", "mailpitGetEmailsByTo", "jane@example.com");
    await call("has", "mailpitHasEmailsBySearch", "subject:Hello");
    await call("hasSubject", "mailpitHasEmailsBySubject", "Hello");
    await call("hasTo", "mailpitHasEmailsByTo", "jane@example.com");
    await call("hasNot", "mailpitNotHasEmailsBySearch", "subject:Nothing");
    await call("hasNotSubject", "mailpitNotHasEmailsBySubject", "Nothing");
    await call("hasNotTo", "mailpitNotHasEmailsByTo", "nobody@example.com");
    await call("subject", "mailpitGetSubject", one);
    await call("from", "mailpitGetFromAddress", one);
    await call("to", "mailpitGetRecipientAddress", one);
    await call("attachments", "mailpitGetAttachments", one);
    await call("html", "mailpitGetMailHTMlBody", one);
    await call("text", "mailpitGetMailTextBody", one);
    await call("spam", "mailpitGetMailSpamAssassinSummary", one);
    await call("spamByItsOldName", "mailpitGetMailSpamAssainSummary", one);
    await call("setAllRead", "mailpitSetAllEmailStatusAsRead");
    await call("read", "mailpitGetAllMails");
    await call("setUnread", "mailpitSetStatusAsUnRead", one);
    await call("oneUnread", "mailpitGetAllMails");
    await call("setAllUnread", "mailpitSetAllEmailStatusAsUnRead");
    await call("unread", "mailpitGetAllMails");
    await call("setRead", "mailpitSetStatusAsRead", [first]);
    await call("oneRead", "mailpitGetAllMails");
    await call("deletedBySearch", "mailpitDeleteEmailsBySearch", "subject:Second");
    await call("afterDeletingOne", "mailpitGetAllMails");
    await call("deletedAll", "mailpitDeleteAllEmails");
    await call("afterDeletingAll", "mailpitGetAllMails");
    given.never = Object.keys(commands).filter((name) => !called.has(name));
    given.commands = Object.keys(commands).length;
    console.log(JSON.stringify(given));
})();
