/**
 * What the function sends to the X-Ray daemon by UDP goes to the host instead, in the order of everything else that the host is
 * told: a datagram would arrive at some time or other, and virtual time would not wait for it.
 */
import { Socket } from "node:dgram";

type Send = typeof Socket.prototype.send;
type Sent = (error: Error | null, bytes: number) => void;

export function takeSegments(
  daemon: { readonly address: string; readonly port: number },
  take: (datagram: string) => void,
): void {
  const send = Socket.prototype.send;
  // The form with offset and length that the X-Ray SDK uses; all others are sent as usual.
  const sendOrTake = function (this: Socket, ...parameters: Parameters<Send>): void {
    const [message, offset, length, port, address, callback] = parameters as readonly unknown[];
    const isForDaemon = Number(port) === daemon.port && address === daemon.address && Buffer.isBuffer(message);
    if (!isForDaemon) {
      Reflect.apply(send, this, parameters);
      return;
    }
    take(message.toString("utf8", Number(offset), Number(offset) + Number(length)));
    if (typeof callback === "function") process.nextTick(callback as Sent, null, Number(length));
  };
  Socket.prototype.send = sendOrTake as Send;
}
