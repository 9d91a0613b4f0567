"use strict";
// The worker's part: the peer's executor runs orchestrators written for these tests, for a hub that reaches it over HTTP.
const { serve, peer } = require("./serve");
const { EntityInstanceId, whenAll, whenAny, NoOpLogger, RetryPolicy } = peer();
const { Registry } = peer("dist/worker/registry.js");
const { OrchestrationExecutor } = peer("dist/worker/orchestration-executor.js");
const pb = peer("dist/proto/orchestrator_service_pb.js");
const helper = peer("dist/utils/pb-helper.util.js");

const retry = () => new RetryPolicy({ maxNumberOfAttempts: 3, firstRetryIntervalInMilliseconds: 1 });

const orchestrators = {
  Sequence: async function* (context, n) {
    for (let i = 0; i < 5; i++) n = yield context.callActivity("Double", n);
    return n;
  },
  FanOut: async function* (context, n) {
    const all = yield whenAll(Array.from({ length: n }, (_, i) => context.callActivity("Double", i)));
    return all.reduce((sum, one) => sum + one, 0);
  },
  /** Waits for an event after a fan-out. */
  LongHistory: async function* (context, n) {
    const all = yield whenAll(Array.from({ length: n }, (_, i) => context.callActivity("Double", i)));
    context.setCustomStatus("fanned in");
    return all.reduce((sum, one) => sum + one, 0) + (yield context.waitForExternalEvent("Number"));
  },
  Race: async function* (context, n) {
    const timer = context.createTimer(86400);
    const call = context.callActivity("Double", n);
    const winner = yield whenAny([timer, call]);
    return winner === call ? call.getResult() : -1;
  },
  Timer: async function* (context, n) {
    yield context.createTimer(0.01);
    yield context.createTimer(new Date(0));
    return n;
  },
  Events: async function* (context, n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = 10 * sum + (yield context.waitForExternalEvent("Number"));
    return sum;
  },
  Status: async function* (context, n) {
    context.setCustomStatus("waiting");
    const number = yield context.waitForExternalEvent("Number");
    return n + number;
  },
  Children: async function* (context, n) {
    const all = yield whenAll(Array.from({ length: n }, (_, i) => context.callSubOrchestrator("Sequence", i)));
    return all.reduce((sum, one) => sum + one, 0);
  },
  Nested: async function* (context, n) {
    return n === 0 ? yield context.callActivity("Fail", "bottom") : yield context.callSubOrchestrator("Nested", n - 1);
  },
  Caught: async function* (context, n) {
    try {
      return yield context.callActivity("Fail", "caught");
    } catch (error) {
      return error.message.includes("caught") ? n : -1;
    }
  },
  Retried: async function* (context, n) {
    return yield context.callActivity("FailTwice", n, { retry: retry() });
  },
  Renewing: async function* (context, sum) {
    const number = yield context.waitForExternalEvent("Number");
    if (number === 0) return sum;
    context.continueAsNew(10 * sum + number, true);
  },
  RenewingParent: async function* (context, n) {
    const doubled = yield context.callSubOrchestrator("Sequence", n);
    if (n < 3) return context.continueAsNew(n + 1);
    return doubled;
  },
  Sender: async function* (context, n) {
    context.sendEvent("nobody", "Number", n);
    context.sendEvent("receiver", "Number", n);
    return yield context.callActivity("Double", n);
  },
  /** Fails at the bottom; the level that is named catches. */
  CaughtAt: async function* (context, [level, catching]) {
    if (level === 0) throw new RangeError("bottom");
    try {
      return 1000 + (yield context.callSubOrchestrator("CaughtAt", [level - 1, catching]));
    } catch (error) {
      if (level === catching && error.message.includes("bottom")) return -1;
      throw error;
    }
  },
  /** Another activity wins over the one that is held, which is waited for only afterwards. */
  Late: async function* (context, n) {
    const held = context.callActivity("Held", n);
    const call = context.callActivity("Double", n);
    const winner = yield whenAny([held, call]);
    return 100 * (winner === call ? call.getResult() : -1) + (yield held);
  },
  /** The same, but ends without the one that is held. */
  Abandoning: async function* (context, n) {
    const winner = yield whenAny([context.callActivity("Held", n), context.callActivity("Double", n)]);
    return winner.getResult();
  },
  /** The same, but goes on as a new generation, whose first activity has the number of the one that is held. */
  RenewingLate: async function* (context, n) {
    if (n === 2) return yield context.callActivity("HeldToo", n);
    yield whenAny([context.callActivity("Held", n), context.callActivity("Double", n)]);
    context.continueAsNew(2);
  },
  PastTimers: async function* (context, n) {
    const late = context.createTimer(86400);
    const past = context.createTimer(new Date(context.currentUtcDateTime.getTime() - 86400000));
    return (yield whenAny([late, past])) === past ? n : -1;
  },
  CallsEntity: async function* (context, n) {
    context.entities.signalEntity(new EntityInstanceId("counter", "c"), "add", n);
    return yield context.callActivity("Double", n);
  },
  Throws: async function* (context) {
    throw new RangeError("thrown", { cause: new TypeError("cause") });
  },
};

const registry = new Registry();
for (const [name, orchestrator] of Object.entries(orchestrators)) registry.addNamedOrchestrator(name, orchestrator);

serve({
  "/execute": async (body) => {
    const request = pb.OrchestratorRequest.deserializeBinary(body);
    const id = request.getInstanceid();
    const executor = new OrchestrationExecutor(registry, new NoOpLogger());
    const { actions, customStatus } = await executor.execute(id, request.getPasteventsList(), request.getNeweventsList(), request.getExecutionid()?.getValue());
    const response = new pb.OrchestratorResponse();
    response.setInstanceid(id);
    response.setActionsList(actions);
    response.setCustomstatus(helper.getStringValue(customStatus));
    return Buffer.from(response.serializeBinary());
  },
});
