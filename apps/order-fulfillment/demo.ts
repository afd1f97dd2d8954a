/** An order of which something is missing, one that fails, and one of a thousand lines that travels through S3. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Demo, Stage } from "#local/testing";
import type { Order } from "./src/order/order.ts";
import { imbalances, line, openShop, order, type Shop } from "./tests/shop.ts";

const demo: Demo = async (stage) => {
  const shop = openShop(stage.app);
  const sample = JSON.parse(readFileSync(join(import.meta.dirname, "samples", "order.json"), "utf8")) as Order;

  stage.input("goods arrive", "2 kettles, 6 cups, 1 tray; no teapot");
  await shop.deliver({ "KETTLE-1": 2, "CUP-3": 6, TRAY: 1 });
  stage.input(
    `order ${sample.orderId}, uploaded`,
    sample.orderItems.map(({ quantity, name, unitPriceMinor }) => `${quantity} × ${name} at ${euros(unitPriceMinor)}`),
  );
  await shop.upload(sample, "order.json");
  await stage.app.advance(60);
  await show(stage, shop, sample.orderId);
  stage.input("a teapot arrives");
  await shop.deliver({ TEAPOT: 1 });
  await stage.app.settle();
  await show(stage, shop, sample.orderId);
  await stage.path();
  for (const parcel of [1, 2])
    stage.step(`label: ${stage.file(`label-${parcel}.svg`, await shop.label(sample.orderId, parcel))}`);

  stage.input("order lapsed", "its card lapses before it is charged");
  await shop.submit(order("lapsed", [line("1", "TRAY")], { paymentToken: "tok_lapsing" }));
  await stage.app.settle();
  await show(stage, shop, "lapsed");

  stage.input("order of 1,000 lines", "through S3 and a distributed Map, a hundred lines a batch");
  await shop.deliver({ SCREW: 1_000 });
  const lines = Array.from({ length: 1_000 }, (_, index) => line(`line-${index}`, "SCREW", { unitPriceMinor: 5 }));
  await shop.upload(order("screws", lines), "screws.json");
  await stage.app.settle();
  await show(stage, shop, "screws");
  await stage.path();

  const wrong = await imbalances(stage.app);
  stage.check("stock, lines and ledger balance to the piece and the cent", wrong.length === 0);
  stage.check("the first order is complete", (await shop.orderRow(sample.orderId))?.status === "COMPLETE");
  stage.check("the second is released", (await shop.orderRow("lapsed"))?.status === "FAILED");
  stage.check("the third is paid as a whole", (await shop.orderRow("screws"))?.capturedMinor === 5_000);
};

export const parameters = { BatchesAtATime: "2", ItemsAtATime: "2" };
export default demo;

const euros = (minor: number): string => `${(minor / 100).toFixed(2)} EUR`;

async function show(stage: Stage, shop: Shop, orderId: string): Promise<void> {
  const row = await shop.orderRow(orderId);
  const ledger = await shop.ledgerOf(orderId);
  const states = Object.values(await shop.lineStates(orderId));
  const counts = [...new Set(states)].map((state) => `${states.filter((other) => other === state).length} ${state}`);
  const [authorization] = ledger;
  stage.result(
    `order ${orderId}: ${stage.paint(row?.status === "COMPLETE" ? "green" : "yellow", row?.status ?? "none")}`,
    [
      `lines       ${counts.join(", ")}`,
      `authorised  ${euros(authorization?.authorizedMinor ?? 0)}, still reserved ${euros(authorization?.remainingMinor ?? 0)}, void ${euros(authorization?.voidedMinor ?? 0)}`,
      ...ledger.slice(1).map(({ entry, amountMinor = 0 }) => `${entry.replace("#", " ")}  ${euros(amountMinor)}`),
      ...(row?.reason ? [row.reason] : []),
    ],
  );
}
