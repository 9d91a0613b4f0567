"use strict";
// The same work on the peer's in-memory backend and worker, in one process: MODULES SEQUENCES CALLS CROWD EVENTS… prints one line of JSON.
const [modules, ...numbers] = process.argv.slice(2);
const [sequences, calls, crowd, ...histories] = numbers.map(Number);
// Its worker tells the console about each event; what is measured is the work.
for (const level of ["debug", "info", "log"]) console[level] = () => {};
const peer = (path = "dist/index.js") => require(`${modules}/@microsoft/durabletask-js/${path}`);
const { InMemoryOrchestrationBackend, TestOrchestrationClient, TestOrchestrationWorker, NoOpLogger, whenAll } = peer();
const { Registry } = peer("dist/worker/registry.js");
const { OrchestrationExecutor } = peer("dist/worker/orchestration-executor.js");
const pb = peer("dist/proto/orchestrator_service_pb.js");
const helper = peer("dist/utils/pb-helper.util.js");

const increment = async (_, n) => n + 1;
const five = async function* (context, n) {
  for (let i = 0; i < 5; i++) n = yield context.callActivity("Increment", n);
  return n;
};
const long = async function* (context, n) {
  let last = 0;
  for (let i = 0; i < n; i++) last = yield context.callActivity("Increment", last);
  return last;
};
const fan = async function* (context, n) {
  const all = yield whenAll(Array.from({ length: n }, (_, i) => context.callActivity("Increment", i)));
  return all.reduce((sum, one) => sum + one, 0);
};
const waiting = async function* (context, n) {
  yield context.createTimer(86400);
  return n;
};

async function withHub(measure) {
  const backend = new InMemoryOrchestrationBackend(1_000_000);
  const worker = new TestOrchestrationWorker(backend);
  worker.addNamedActivity("Increment", increment);
  for (const [name, orchestrator] of Object.entries({ Five: five, Fan: fan, Waiting: waiting })) worker.addNamedOrchestrator(name, orchestrator);
  await worker.start();
  const result = await measure(new TestOrchestrationClient(backend));
  await worker.stop();
  backend.reset();
  return result;
}

async function run(client, name, input, expected) {
  const id = await client.scheduleNewOrchestration(name, input);
  const state = await client.waitForOrchestrationCompletion(id, true, 600);
  if (state.serializedOutput !== JSON.stringify(expected)) throw new Error(`${name} came to ${state.serializedOutput}`);
}

async function sequencesASecond(client) {
  await run(client, "Five", 0, 5);
  const began = performance.now();
  const waits = Array.from({ length: 64 }, async (_, lane) => {
    for (let i = lane; i < sequences; i += 64) await run(client, "Five", i, i + 5);
  });
  await Promise.all(waits);
  return sequences / ((performance.now() - began) / 1000);
}

async function fanOutMs(client) {
  await run(client, "Fan", 10, 55);
  const began = performance.now();
  await run(client, "Fan", calls, (calls * (calls + 1)) / 2);
  return performance.now() - began;
}

async function bytesEach(client) {
  global.gc();
  const before = process.memoryUsage().heapUsed;
  const ids = await Promise.all(Array.from({ length: crowd }, (_, i) => client.scheduleNewOrchestration("Waiting", i)));
  for (const id of ids) await client.waitForOrchestrationStart(id, false, 600);
  global.gc();
  return (process.memoryUsage().heapUsed - before) / crowd;
}

function request(events) {
  const now = new Date(0);
  const turn = () => helper.newOrchestratorStartedEvent(now);
  const past = [turn(), helper.newExecutionStartedEvent("Long", "long", String(2 ** 31 - 1)), helper.newTaskScheduledEvent(1, "Increment", "1")];
  let id = 1;
  while (past.length + 3 <= events) past.push(turn(), helper.newTaskCompletedEvent(id++, "1"), helper.newTaskScheduledEvent(id, "Increment", "1"));
  const request = new pb.OrchestratorRequest();
  request.setInstanceid("long");
  request.setPasteventsList(past);
  request.setNeweventsList([turn(), helper.newTaskCompletedEvent(id, "1")]);
  return request.serializeBinary();
}

async function replayMs(events) {
  const registry = new Registry();
  registry.addNamedOrchestrator("Long", long);
  const bytes = request(events);
  const took = [];
  for (let round = -2; round < 15; round++) {
    const began = performance.now();
    const asked = pb.OrchestratorRequest.deserializeBinary(bytes);
    const executor = new OrchestrationExecutor(registry, new NoOpLogger());
    const { actions } = await executor.execute("long", asked.getPasteventsList(), asked.getNeweventsList());
    const response = new pb.OrchestratorResponse();
    response.setActionsList(actions);
    response.serializeBinary();
    const elapsed = performance.now() - began;
    if (actions.length !== 1 || !actions[0].hasScheduletask()) throw new Error("The replay came to something else.");
    if (round >= 0) took.push(elapsed);
  }
  return took.sort((a, b) => a - b)[7];
}

(async () => {
  const answer = { sequencesASecond: await withHub(sequencesASecond), fanOutMs: await withHub(fanOutMs), bytesEach: await withHub(bytesEach), replayMs: [] };
  for (const events of histories) answer.replayMs.push(await replayMs(events));
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
