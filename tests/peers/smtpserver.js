// nodemailer's smtp-server as the options in its argument have it: one JSON object a line, first the port, then a
// message each. Run by test_smtpserver.py, which installs it.
const fs = require("fs");
const { SMTPServer } = require("smtp-server");

const options = JSON.parse(process.argv[2]);
const say = (object) => process.stdout.write(JSON.stringify(object) + "\n");
for (const name of ["key", "cert", "ca"])
    if (options[name])
        options[name] = fs.readFileSync(options[name]);

const server = new SMTPServer({
    ...options,
    disableReverseLookup: true,
    onAuth(auth, session, done) {
        const right = auth.username === "bob"
            && (auth.password === "secret" || auth.accessToken === "token"
                || (auth.validatePassword && auth.validatePassword("secret")));
        if (!right && auth.method === "XOAUTH2")
            return done(null, { data: { status: "401", schemes: "bearer" } });
        done(right ? null : new Error("wrong password"), right ? { user: auth.username } : undefined);
    },
    onRcptTo(address, session, done) {
        done(address.address.startsWith("no@") ? new Error("no such user") : undefined);
    },
    onData(stream, session, done) {
        const chunks = [];
        stream.on("data", (chunk) => chunks.push(chunk));
        stream.on("end", () => {
            say({
                from: session.envelope.mailFrom.address,
                arguments: session.envelope.mailFrom.args,
                to: session.envelope.rcptTo.map((one) => one.address),
                user: session.user, hello: session.openingCommand, secure: session.secure,
                octets: Buffer.concat(chunks).toString("base64"),
            });
            if (options.lmtp)
                return done(null, session.envelope.rcptTo.map((one) =>
                    one.address.startsWith("full@") ? Object.assign(new Error("full"), { responseCode: 452 }) : "kept"));
            done(null, "kept");
        });
    },
});
server.on("error", (error) => process.stderr.write(error + "\n"));
server.listen(0, "127.0.0.1", () => say({ port: server.server.address().port }));
