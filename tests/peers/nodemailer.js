// Sends one message with nodemailer as the options in its arguments have it: the transport's, then the message's. Run
// by test_nodemailer.py, which installs it.
const nodemailer = require("nodemailer");

const transport = nodemailer.createTransport(JSON.parse(process.argv[2]));
transport.sendMail(JSON.parse(process.argv[3])).then(
    (info) => { console.log(JSON.stringify(info)); process.exit(0); },
    (error) => { console.log(JSON.stringify({ code: error.code, reply: error.response })); process.exit(1); });
