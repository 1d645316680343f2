import { fieldsOf, ProtocolError, requiredText, textIn } from './read.ts'
import { type Input, parseInput, parseTask, type Task } from './task.ts'

/** What the master asks of a worker. */
export type Message =
  | { type: 'ADD_TASK'; worker: string; task: Task }
  | { type: 'REMOVE_TASK'; worker: string; taskId: string }
  | { type: 'ADD_INPUT'; worker: string; taskId: string; input: Input }
  | { type: 'REMOVE_INPUT'; worker: string; taskId: string; inputId: string }
  | { type: 'other'; worker: string; name: string }

/** What a worker tells the master and the designer. */
export type Report =
  | 'WORKER_JOIN'
  | 'WORKER_HEARTBEAT'
  | 'WORKER_LEAVE'
  | 'TASK_UPDATE'
  | 'TASK_INFO'

/**
 * Reads a message of the exchange. Throws a ProtocolError that says what is wrong with it. `worker` is the one that it is for: that of its
 * payload, or that of its routing key, which ends with a dot.
 */
export function parseMessage(body: Uint8Array): Message {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw new ProtocolError(`the message is not JSON: ${(error as Error).message}`)
  }
  const envelope = fieldsOf(json, 'the message')
  const name = requiredText(envelope, 'Type', 'the message')
  const key = textIn(envelope, 'RoutingKey', 'the message').replace(/\.$/, '')
  const payload = () => fieldsOf(envelope.PayLoad, `the PayLoad of ${name}`)
  const workerIn = (): string => textIn(payload(), 'WorkerID', 'the PayLoad') || key
  switch (name) {
    case 'ADD_TASK':
      return { type: name, worker: workerIn(), task: parseTask(payload()) }
    case 'REMOVE_TASK':
      return {
        type: name,
        worker: workerIn(),
        taskId: requiredText(payload(), 'ID', 'the task'),
      }
    case 'ADD_INPUT':
    case 'REMOVE_INPUT': {
      const taskId = requiredText(payload(), 'TaskInstanceID', 'the flow')
      const input = parseInput(payload().InputStream)
      return name === 'ADD_INPUT'
        ? { type: name, worker: workerIn(), taskId, input }
        : { type: name, worker: workerIn(), taskId, inputId: input.id }
    }
    default:
      return { type: 'other', worker: key, name }
  }
}

/** The task that a message is about; undefined if it is about none. */
export function taskIdOf(message: Message): string | undefined {
  if (message.type === 'other') return undefined
  return message.type === 'ADD_TASK' ? message.task.id : message.taskId
}

/** The text of a message of a worker. */
export function printMessage(type: Report, routingKey: string, from: string, payload: object) {
  return JSON.stringify({ Type: type, RoutingKey: routingKey, From: from, PayLoad: payload })
}
