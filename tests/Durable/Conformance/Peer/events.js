"use strict";
// History events and actions of the peer's protobuf classes, as short lists in JSON and back.
const { peer } = require("./serve");
const pb = peer("dist/proto/orchestrator_service_pb.js");
const helper = peer("dist/utils/pb-helper.util.js");

exports.failure = function failure({ type, message, inner, nonRetriable }) {
  const details = new pb.TaskFailureDetails();
  details.setErrortype(type);
  details.setErrormessage(message);
  details.setIsnonretriable(nonRetriable ?? false);
  if (inner) details.setInnerfailure(failure(inner));
  return details;
};

function taskFailed(id, given) {
  const failed = new pb.TaskFailedEvent();
  failed.setTaskscheduledid(id);
  failed.setFailuredetails(exports.failure(given));
  const event = new pb.HistoryEvent();
  event.setEventid(-1);
  event.setTaskfailed(failed);
  return event;
}

function childFailed(id, given) {
  const failed = new pb.SubOrchestrationInstanceFailedEvent();
  failed.setTaskscheduledid(id);
  failed.setFailuredetails(exports.failure(given));
  const event = new pb.HistoryEvent();
  event.setEventid(-1);
  event.setSuborchestrationinstancefailed(failed);
  return event;
}

function started(name, input, version, parent) {
  const event = helper.newExecutionStartedEvent(name, "scripted", input, parent, "0123456789abcdef");
  if (version) event.getExecutionstarted().setVersion(helper.getStringValue(version));
  return event;
}

function empty(set, message) {
  const event = new pb.HistoryEvent();
  event.setEventid(-1);
  event[set](message);
  return event;
}

const makers = {
  turn: (at) => helper.newOrchestratorStartedEvent(new Date(at)),
  turnEnd: () => empty("setOrchestratorcompleted", new pb.OrchestratorCompletedEvent()),
  started,
  scheduled: helper.newTaskScheduledEvent,
  done: helper.newTaskCompletedEvent,
  failed: taskFailed,
  timer: (id, at) => helper.newTimerCreatedEvent(id, new Date(at)),
  fired: (id, at) => helper.newTimerFiredEvent(id, new Date(at ?? 0)),
  child: (id, name, instance, input) => helper.newSubOrchestrationCreatedEvent(id, name, instance, input),
  childDone: helper.newSubOrchestrationCompletedEvent,
  childFailed,
  raised: helper.newEventRaisedEvent,
  sent: helper.newEventSentEvent,
  suspended: helper.newSuspendEvent,
  resumed: helper.newResumeEvent,
  terminated: helper.newTerminatedEvent,
  ended: (status, result) => helper.newExecutionCompletedEvent(status, result),
  rewound: helper.newExecutionRewoundEvent,
  generic: () => empty("setGenericevent", new pb.GenericEvent()),
  state: () => empty("setHistorystate", new pb.HistoryStateEvent()),
  continued: () => empty("setContinueasnew", new pb.ContinueAsNewEvent()),
  entity: () => empty("setEntityoperationsignaled", new pb.EntityOperationSignaledEvent()),
};

/** [kind, ...arguments] to an event. */
exports.event = ([kind, ...given]) => makers[kind](...given);

const value = (wrapped) => wrapped?.getValue();

exports.describeFailure = function describeFailure(details) {
  return details && {
    type: details.getErrortype(),
    message: details.getErrormessage(),
    nonRetriable: details.getIsnonretriable(),
    inner: details.hasInnerfailure() ? describeFailure(details.getInnerfailure()) : undefined,
  };
};

exports.describeEvent = (event) => Object.keys(pb.HistoryEvent.EventtypeCase).find((key) => pb.HistoryEvent.EventtypeCase[key] === event.getEventtypeCase());

exports.describeAction = function describeAction(action) {
  const id = action.getId();
  if (action.hasScheduletask()) {
    const task = action.getScheduletask();
    return { id, kind: "task", name: task.getName(), input: value(task.getInput()), version: value(task.getVersion()) };
  }
  if (action.hasCreatetimer()) return { id, kind: "timer", at: action.getCreatetimer().getFireat().toDate().toISOString() };
  if (action.hasCreatesuborchestration()) {
    const child = action.getCreatesuborchestration();
    return { id, kind: "child", name: child.getName(), instance: child.getInstanceid(), input: value(child.getInput()), version: value(child.getVersion()) };
  }
  if (action.hasSendevent()) {
    const sent = action.getSendevent();
    return { id, kind: "send", name: sent.getName(), instance: sent.getInstance().getInstanceid(), input: value(sent.getData()) };
  }
  if (action.hasRewindorchestration()) return { id, kind: "rewind", events: action.getRewindorchestration().getNewhistoryList().map(exports.describeEvent) };
  const end = action.getCompleteorchestration();
  return {
    id,
    kind: "end",
    status: end.getOrchestrationstatus(),
    input: value(end.getResult()),
    version: value(end.getNewversion()),
    failure: end.hasFailuredetails() ? exports.describeFailure(end.getFailuredetails()) : undefined,
    events: end.getCarryovereventsList().map((carried) => carried.getEventraised().getName()),
  };
};
