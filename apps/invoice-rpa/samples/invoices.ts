/** What stands on the sample invoices, where on the page, and what is to be read of it. Everybody on them is made up. */
import type { Expected } from "./expected.ts";

/** Points from the upper left corner of a page of A4. */
type Written = readonly [text: string, x: number, y: number, size?: number];
export interface Invoice {
  readonly file: string;
  readonly pages: readonly (readonly Written[])[];
  /** How it came onto the glass; without it the PDF is digital. */
  readonly scan?: { readonly degrees: number; readonly noise: number; readonly dpi: number; readonly blur?: number };
  readonly expected: Omit<Expected, "file" | "kind">;
}

const items = (y: number, rows: readonly (readonly [string, string, string])[]): Written[] =>
  [["Description", "Quantity", "Price"] as const, ...rows].flatMap(([what, quantity, price], index): Written[] => [
    [what, 60, y + index * 18],
    [quantity, 330, y + index * 18],
    [price, 450, y + index * 18],
  ]);

export const INVOICES: readonly Invoice[] = [
  {
    file: "acme-power.pdf",
    pages: [
      [
        ["ACME Power & Light", 60, 70, 20],
        ["Statement of your account", 60, 95],
        ["Account Number:", 60, 140],
        ["55-20117-3", 220, 140],
        ["Statement Date", 60, 160],
        ["05/28/2026", 220, 160],
        ["Total Minimum Payment Due", 60, 180],
        ["$25.00", 220, 180],
        ["New Balance Total", 60, 200],
        ["$1,234.56", 220, 200],
        ["Payment Due Date", 60, 220],
        ["06/17/2026", 220, 220],
        ["Please make checks payable to: ACME Power & Light Company", 60, 300],
      ],
    ],
    expected: {
      payee: "ACME Power & Light Company",
      minor: 123_456,
      currency: "USD",
      dueDate: "2026-06-17",
      account: "55-20117-3",
      status: "Approved for Payment",
    },
  },
  {
    file: "nordlicht.pdf",
    pages: [
      [
        ["Nordlicht Elektro GmbH", 60, 70, 18],
        ["Rechnung", 60, 110, 15],
        ["Rechnungsnummer: 2026-118", 330, 110],
        ["Kundennummer: K 4711", 330, 126],
        ...items(170, [
          ["Kabel NYM-J", "100", "890,00"],
          ["Montage", "4", "344,56"],
        ]),
        ["Gesamtbetrag", 330, 260],
        ["1.234,56 EUR", 450, 260],
        ["Zahlbar bis: 17.07.2026", 60, 320],
        ["Pay to: Nordlicht Elektro GmbH", 60, 340],
      ],
    ],
    expected: {
      payee: "Nordlicht Elektro GmbH",
      minor: 123_456,
      currency: "EUR",
      dueDate: "2026-07-17",
      invoiceNumber: "2026-118",
      account: "K 4711",
      status: "Approved for Payment",
    },
  },
  {
    file: "globex-consulting.pdf",
    pages: [
      [
        ["INVOICE", 60, 70, 24],
        ["Invoice Number", 60, 130],
        ["Invoice Date", 200, 130],
        ["Due Date", 330, 130],
        ["Amount Due", 450, 130],
        ["GX-2026-0042", 60, 146],
        ["05/01/2026", 200, 146],
        ["05/31/2026", 330, 146],
        ["$12,500.00", 450, 146],
        ["Remit to:", 60, 220],
        ["Globex Consulting Inc.", 60, 235],
        ["742 Evergreen Terrace", 60, 250],
      ],
    ],
    expected: {
      payee: "Globex Consulting Inc.",
      minor: 1_250_000,
      currency: "USD",
      dueDate: "2026-05-31",
      invoiceNumber: "GX-2026-0042",
      status: "Approved for Payment",
    },
  },
  {
    file: "initech.pdf",
    pages: [
      [
        ["Initech Software LLC", 60, 70, 18],
        ["Invoice # 88341", 60, 100],
        ...items(140, [
          ["Licences", "14", "700.00"],
          ["Support, one year", "1", "280.00"],
        ]),
        ["Please pay $980.00", 60, 240],
        ["Pay on or before June 17, 2026", 60, 260],
        ["Make check payable to Initech Software LLC", 60, 300],
        ["Questions? Call us between 9:00 and 17:00.", 60, 330],
      ],
    ],
    expected: {
      payee: "Initech Software LLC",
      minor: 98_000,
      currency: "USD",
      dueDate: "2026-06-17",
      invoiceNumber: "88341",
      status: "Approved for Payment",
    },
  },
  {
    file: "umbrella-water.pdf",
    pages: [
      [
        ["Umbrella Water District", 60, 70, 18],
        ["Account No: 9001-77", 60, 110],
        ["Previous balance", 60, 150],
        ["$88.10", 300, 150],
        ["Payment received, thank you", 60, 168],
        ["-$88.10", 300, 168],
        ["Total Due", 60, 186],
        ["$92.35", 300, 186],
        ["See the next page for your payment slip.", 60, 230],
      ],
      [
        ["Payment slip", 60, 70, 16],
        ["Total Due", 60, 110],
        ["$92.35", 300, 110],
        ["Payment Due", 60, 128],
        ["17 Jun 2026", 300, 128],
        ["Payable to:", 60, 146],
        ["Umbrella Water District", 300, 146],
      ],
    ],
    expected: {
      payee: "Umbrella Water District",
      minor: 9_235,
      currency: "USD",
      dueDate: "2026-06-17",
      account: "9001-77",
      status: "Approved for Payment",
    },
  },
  {
    file: "stark-telecom.pdf",
    pages: [
      [
        ["Stark Telecom", 380, 60, 18],
        ["Bill Number: ST/0719", 380, 90],
        ["Total current charges (USD): 74.20", 60, 160],
        ["Current Payment Due: see below", 60, 180],
        ["Due date: 17 Jun 26", 60, 200],
        ["[x] Autopay is off   [ ] Autopay is on", 60, 230],
        ["Make all checks payable to:", 60, 270],
        ["Stark Telecom Services", 60, 285],
      ],
    ],
    expected: {
      payee: "Stark Telecom Services",
      minor: 7_420,
      currency: "USD",
      dueDate: "2026-06-17",
      invoiceNumber: "ST/0719",
      status: "Approved for Payment",
    },
  },
  {
    file: "tokyo-parts.pdf",
    pages: [
      [
        ["Tokyo Parts K.K.", 60, 70, 18],
        ["Invoice No.: TP-3381", 60, 110],
        ["Due Date: 2026-07-31", 60, 130],
        ["Balance Due: JPY 150,000", 60, 150],
        ["Pay to: Tokyo Parts K.K.", 60, 170],
      ],
    ],
    expected: {
      payee: "Tokyo Parts K.K.",
      minor: 150_000,
      currency: "JPY",
      dueDate: "2026-07-31",
      invoiceNumber: "TP-3381",
      status: "Approved for Payment",
    },
  },
  {
    file: "wayne-credit.pdf",
    pages: [
      [
        ["Wayne Gas", 60, 70, 18],
        ["Account Number: 31-0", 60, 110],
        ["Total Due", 60, 150],
        ["($5.19)", 300, 150],
        ["Payment Due Date", 60, 170],
        ["06/30/2026", 300, 170],
        ["Payable to: Wayne Gas", 60, 190],
      ],
    ],
    expected: {
      payee: "Wayne Gas",
      minor: -519,
      currency: "USD",
      dueDate: "2026-06-30",
      account: "31-0",
      status: "Pending Review",
    },
  },
  {
    file: "hooli-hosting.pdf",
    pages: [
      [
        ["Hooli Hosting", 60, 70, 18],
        ["Invoice Number: H-7", 60, 110],
        ["Total Minimum Payment Due", 60, 150],
        ["$20.00", 300, 150],
        ["Total Due", 60, 170],
        ["$240.00", 300, 170],
        ["Payable to: Hooli Hosting", 60, 200],
      ],
    ],
    expected: {
      payee: "Hooli Hosting",
      minor: 24_000,
      currency: "USD",
      invoiceNumber: "H-7",
      status: "Pending Review",
    },
  },
  {
    file: "soylent-scan.jpg",
    scan: { degrees: 0.7, noise: 12, dpi: 150 },
    pages: [
      [
        ["Soylent Foods", 60, 70, 20],
        ["Invoice Number: 20431", 60, 120, 12],
        ["Total Due", 60, 180, 12],
        ["$432.10", 300, 180, 12],
        ["Payment Due Date", 60, 205, 12],
        ["07/01/2026", 300, 205, 12],
        ["Make checks payable to: Soylent Foods", 60, 260, 12],
      ],
    ],
    expected: {
      payee: "Soylent Foods",
      minor: 43_210,
      currency: "USD",
      dueDate: "2026-07-01",
      invoiceNumber: "20431",
      status: "Approved for Payment",
    },
  },
  {
    file: "cyberdyne-scan.png",
    scan: { degrees: -0.5, noise: 3, dpi: 120 },
    pages: [
      [
        ["Cyberdyne Systems", 60, 70, 20],
        ["Account Number: 101-55", 60, 120, 12],
        ["Please pay: $2,018.29", 60, 180, 12],
        ["Pay on or before: August 29, 2026", 60, 205, 12],
        ["Payable to: Cyberdyne Systems", 60, 230, 12],
      ],
    ],
    expected: {
      payee: "Cyberdyne Systems",
      minor: 201_829,
      currency: "USD",
      dueDate: "2026-08-29",
      account: "101-55",
      status: "Approved for Payment",
    },
  },
  {
    file: "tyrell-scan.pdf",
    scan: { degrees: 1, noise: 10, dpi: 150 },
    pages: [
      [
        ["Tyrell Optics", 60, 70, 20],
        ["Invoice Number", 60, 130, 12],
        ["Due Date", 250, 130, 12],
        ["Amount Due", 430, 130, 12],
        ["6-1182", 60, 148, 12],
        ["07/15/2026", 250, 148, 12],
        ["$310.75", 430, 148, 12],
        ["Remit to:", 60, 220, 12],
        ["Tyrell Optics", 60, 238, 12],
      ],
    ],
    expected: {
      payee: "Tyrell Optics",
      minor: 31_075,
      currency: "USD",
      dueDate: "2026-07-15",
      invoiceNumber: "6-1182",
      status: "Approved for Payment",
    },
  },
  {
    file: "oscorp-fax.jpg",
    scan: { degrees: 1.6, noise: 45, dpi: 72, blur: 0.9 },
    pages: [
      [
        ["Oscorp Labs", 60, 70, 18],
        ["Invoice Number: OL-558", 60, 120, 11],
        ["Total Due", 60, 170, 11],
        ["$1,067.83", 300, 170, 11],
        ["Due Date", 60, 190, 11],
        ["09/03/2026", 300, 190, 11],
        ["Payable to: Oscorp Labs", 60, 230, 11],
      ],
    ],
    expected: {
      payee: "Oscorp Labs",
      minor: 106_783,
      currency: "USD",
      dueDate: "2026-09-03",
      invoiceNumber: "OL-558",
      status: "Pending Review",
    },
  },
];
