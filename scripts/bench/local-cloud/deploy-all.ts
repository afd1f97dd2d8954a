/** Deploys all apps on one cloud in virtual time and prints how long that took: `node deploy-all.ts`. */
import { appNames } from "../../cli/apps.ts";
import { deploy, testCloud } from "../../../local/testing.ts";

const apps = appNames();
const began = performance.now();
const cloud = await testCloud();
for (const app of apps) await deploy(app, { cloud });
console.log(JSON.stringify({ apps: apps.length, milliseconds: performance.now() - began }));
await cloud.stop();
