"use strict";
// The host's part: the peer's in-memory backend, whose work items go over HTTP to the worker under test.
const { serve, peer, post } = require("./serve");
const { event, describeAction, describeEvent, describeFailure } = require("./events");
const { InMemoryOrchestrationBackend } = peer();
const pb = peer("dist/proto/orchestrator_service_pb.js");
const helper = peer("dist/utils/pb-helper.util.js");

const worker = process.argv[3];
const backend = new InMemoryOrchestrationBackend(50_000);
const kinds = Object.keys(pb.HistoryEvent.EventtypeCase);
const bytesOf = (message) => Buffer.from(message.serializeBinary()).toString("hex");
const isEnded = (instance) => [1, 3, 5].includes(instance.status);

/** An instance's id begins with the name of the registry that runs it. */
const registryOf = (instanceId) => instanceId.split(".")[0];

async function ask(registry, instanceId, executionId, past, fresh) {
  const request = new pb.OrchestratorRequest();
  request.setInstanceid(instanceId);
  request.setExecutionid(helper.getStringValue(executionId));
  request.setPasteventsList(past);
  request.setNeweventsList(fresh);
  const answer = await post(`${worker}orchestrator/${registry}`, Buffer.from(request.serializeBinary()));
  return pb.OrchestratorResponse.deserializeBinary(answer);
}

/** This backend delivers what is sent and does not record it; hosts do. */
function recorded(action) {
  const sent = action.getSendevent();
  return helper.newEventSentEvent(action.getId(), sent.getInstance().getInstanceid(), sent.getName(), sent.getData()?.getValue());
}

async function runOrchestration(instance) {
  const { instanceId, completionToken, executionId } = instance;
  // What arrives while the worker is asked belongs to the next work item.
  const taken = instance.pendingEvents;
  instance.pendingEvents = [];
  if (!taken[0].hasOrchestratorstarted()) taken.unshift(helper.newOrchestratorStartedEvent(new Date()));
  const response = await ask(registryOf(instanceId), instanceId, executionId, instance.history, taken);
  const later = instance.pendingEvents;
  instance.pendingEvents = [...taken, ...response.getActionsList().filter((action) => action.hasSendevent()).map(recorded)];
  backend.completeOrchestration(instanceId, completionToken, response.getActionsList(), response.getCustomstatus()?.getValue());
  instance.pendingEvents.push(...later);
  if (instance.pendingEvents.length > 0) backend.enqueueOrchestration(instanceId);
}

async function runActivity({ instanceId, name, taskId, input }) {
  const answer = JSON.parse(await post(`${worker}activity/${registryOf(instanceId)}`, Buffer.from(JSON.stringify({ name, instanceId, taskId, input }))));
  if (answer.failure) push(instanceId, [["failed", taskId, answer.failure]]);
  else backend.completeActivity(instanceId, taskId, answer.result ?? undefined);
}

function push(instanceId, events) {
  const instance = backend.getInstance(instanceId);
  if (!instance) return;
  instance.pendingEvents.push(...events.map(event));
  backend.enqueueOrchestration(instanceId);
}

async function pump() {
  const orchestration = backend.getNextOrchestrationWorkItem();
  const activity = backend.getNextActivityWorkItem();
  if (orchestration) await runOrchestration(orchestration);
  if (activity) await runActivity(activity);
  if (orchestration || activity) setImmediate(pump);
  else setTimeout(pump, 1);
}

const describe = (instance) => ({
  status: instance.status,
  output: instance.output,
  customStatus: instance.customStatus,
  failure: describeFailure(instance.failureDetails),
  history: instance.history.map(describeEvent),
});

const commands = {
  start: ({ id, name, input }) => backend.createInstance(id, name, input),
  raise: ({ id, name, input }) => backend.raiseEvent(id, name, input),
  push: ({ id, events }) => push(id, events),
  terminate: ({ id, input }) => backend.terminate(id, input),
  suspend: ({ id }) => backend.suspend(id),
  resume: ({ id }) => backend.resume(id),
  rewind: ({ id, input }) => backend.rewindInstance(id, input),
  purge: ({ id }) => backend.purge(id),
  end: async ({ id }) => describe(await backend.waitForState(id, isEnded, 0)),
  /** Waits until the history has so many events of a kind, all of which the worker has answered. */
  seen: async ({ id, kind, count }) =>
    describe(await backend.waitForState(id, (instance) => instance.history.filter((one) => describeEvent(one) === kind).length >= count, 0)),
  /** One turn made by hand, of no instance. */
  turn: async ({ id, past, fresh }) => {
    const response = await ask(registryOf(id), "scripted", "0123456789abcdef", past.map(event), fresh.map(event));
    return { customStatus: response.getCustomstatus()?.getValue(), actions: response.getActionsList().map(describeAction) };
  },
  /** A rewind made by hand, with what it keeps of the history compared by bytes. */
  kept: async ({ id, past, fresh }) => {
    const given = [...past, ...fresh].map(event);
    const response = await ask(registryOf(id), "scripted", "0123456789abcdef", given.slice(0, past.length), given.slice(past.length));
    const left = response.getActionsList()[0].getRewindorchestration().getNewhistoryList().map(bytesOf);
    const isKept = (one) => left.includes(bytesOf(one));
    return {
      unchanged: [...new Set(given.filter(isKept).map(describeEvent))],
      missing: given.filter((one) => !isKept(one)).map(describeEvent),
      known: kinds.filter((kind) => !kind.startsWith("ENTITY") && kind !== "EVENTTYPE_NOT_SET").sort(),
    };
  },
};

serve({
  "/command": async (body) => {
    const command = JSON.parse(body);
    return JSON.stringify((await commands[command.op](command)) ?? null);
  },
});
pump();
