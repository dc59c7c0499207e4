// Listens to the events at the address of its argument with Node's ws, unmodified, and prints each as a line; ends after the
// message whose subject is the second argument, with the code that its close was answered with. Run by test_mailpitapi.py.
const WebSocket = require("ws");

const [url, subject, token] = process.argv.slice(2);
const socket = new WebSocket(url, token ? { headers: { Authorization: "Bearer " + token } } : {});
let pings = 0;
socket.on("ping", () => { pings += 1; });
socket.on("pong", (data) => console.log(JSON.stringify({ Type: "pong", Data: data.toString() })));
socket.on("open", () => {
    console.log(JSON.stringify({ Type: "open" }));
    socket.ping("are you there?");
    socket.send("nobody listens to this");
});
socket.on("error", (error) => console.log(JSON.stringify({ Type: "error", Data: error.message })));
socket.on("message", (data, isBinary) => {
    console.log(isBinary ? "binary" : data.toString());
    const event = JSON.parse(data);
    if (event.Type === "new" && event.Data.Subject === subject)
        socket.close(1000, "enough");
});
socket.on("close", (code) => console.log(JSON.stringify({ Type: "close", Data: { code, pings } })));
