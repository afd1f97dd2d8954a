/** The apps that are fed while they soak; all others run by their schedules. */
import type { Feed } from "../feed.ts";
import { apiPoller } from "./api-poller.ts";
import { contactForm } from "./contact-form.ts";
import { differenceChecker } from "./difference-checker.ts";
import { orderFulfillment } from "./order-fulfillment.ts";
import { rdsAutoStop } from "./rds-auto-stop.ts";

export const FEEDS: readonly Feed[] = [differenceChecker, rdsAutoStop, orderFulfillment, apiPoller, contactForm];
