"use strict";
// A loopback HTTP server that says its port and ends when whoever started it is gone.
const http = require("http");

/** Serves POST requests with async handlers by path: a body in, a string or bytes out. */
exports.serve = (handlers) => {
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      try {
        const answer = await handlers[request.url](Buffer.concat(chunks));
        response.writeHead(200).end(answer);
      } catch (error) {
        response.writeHead(500).end(String(error.stack ?? error));
      }
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
  process.stdin.resume().on("end", () => process.exit(0));
};

/** The package under the folder of modules that the starter names. */
exports.peer = (path = "dist/index.js") => require(`${process.argv[2]}/@microsoft/durabletask-js/${path}`);

const http_agent = new http.Agent({ keepAlive: true });

/** POSTs bytes and gives the bytes of a 200. */
exports.post = (url, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", agent: http_agent, headers: { "Content-Length": body.length } }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const answer = Buffer.concat(chunks);
        return response.statusCode === 200 ? resolve(answer) : reject(new Error(`${response.statusCode} ${answer}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });
