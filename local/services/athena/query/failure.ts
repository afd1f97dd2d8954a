/** The query ends as FAILED, for the reason that a person reads in StateChangeReason. */
export class QueryFailed extends Error {}

/** The query ends as CANCELLED: somebody stopped it, or it would scan more than its group allows. */
export class Cancelled extends Error {}
