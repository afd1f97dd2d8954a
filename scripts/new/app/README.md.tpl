# __app__

Greets whoever is named in a message. Replace this by what your app does and for whom, in two sentences.

```mermaid
flowchart LR
  somebody([somebody]) -- message --> Guests[[Guests]]
  Guests --> Greet
  Greet -- cannot be handled, with the reason --> DeadLetters[[DeadLetters]]
  DeadLetters --> Alarm([alarm])
```

## Deploy

```sh
npm run sam -- __app__ build
npm run sam -- __app__ deploy
```

| parameter          | default | what it does                            |
| ------------------ | ------- | --------------------------------------- |
| `AlarmEmail`       |         | who is told when a message is put aside |
| `LogRetentionDays` | 14      | days after which logs are forgotten     |

`PermissionsBoundaryArn` and `RolePath` are there for accounts that ask for them.

## Try

On your laptop: `npm run demo -- __app__`, or one function:
`npm run invoke -- __app__ Greet --event events/__app__/greet.json`. In an account, send `{"name":"Ada"}` to the queue of the output
`Guests`:

```sh
aws sqs send-message --queue-url <Guests> --message-body '{"name":"Ada"}'
```

## Observe

Function logs are JSON lines with a correlation id. The metric `Greetings` in the namespace `__App__` counts guests. An alarm rings when a
message is put aside; the message's attributes `error` and `reason` say why.

## Cost

US East (N. Virginia), without free tier, list prices as known in November 2026; the price pages of AWS have the last word.

| what                  | idle, a month | 1,000 messages |
| --------------------- | ------------- | -------------- |
| Lambda, SQS, logs     | 0.26 USD      | under 0.01 USD |
| one alarm             | 0.10 USD      |                |

Lambda's polling of the queue dominates.

## Remove

`npm run sam -- __app__ delete`. Nothing is left behind.

## How it is put together

`src/greet.ts` reads a message and asks `src/greeting.ts` what to say.
