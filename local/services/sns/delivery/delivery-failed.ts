/** An endpoint did not take a message. */
export class DeliveryFailed extends Error {
  override readonly name = "DeliveryFailed";
  /** Errors of the server are tried again, errors of the client are not ("Amazon SNS dead-letter queues"). */
  readonly isRetriable: boolean;

  constructor(message: string, isRetriable: boolean) {
    super(message);
    this.isRetriable = isRetriable;
  }
}
