/** DeleteTopic, ListTopics, GetTopicAttributes and SetTopicAttributes. */
import type { Handler } from "../../../core/service.ts";
import { invalid, pageOf, type SNS, type Topics } from "../store.ts";
import { attributeFault, describeTopic, withAttribute } from "./topic-attributes.ts";

/** Deleting a topic that is not there succeeds (API reference of SNS, "DeleteTopic": idempotent). */
export const deleteTopic =
  (topics: Topics): Handler<SNS, "DeleteTopic"> =>
  (input) => {
    const { TopicArn: arn = "" } = input;
    const topic = topics.find(arn);
    if (topic) topics.delete(topic);
    else if (arn.split(":").length < 6) topics.byArn(arn);
    return {};
  };

export const listTopics =
  (topics: Topics): Handler<SNS, "ListTopics"> =>
  (input) => {
    const { page, next } = pageOf(topics.all(), input.NextToken);
    return { Topics: page.map(({ arn }) => ({ TopicArn: arn })), ...(next !== undefined && { NextToken: next }) };
  };

export const getTopicAttributes =
  (topics: Topics): Handler<SNS, "GetTopicAttributes"> =>
  (input) => ({ Attributes: describeTopic(topics, topics.byArn(input.TopicArn)) });

export const setTopicAttributes =
  (topics: Topics): Handler<SNS, "SetTopicAttributes"> =>
  (input) => {
    const topic = topics.byArn(input.TopicArn);
    const { AttributeName: name = "", AttributeValue: value = "" } = input;
    const fault = name === "FifoTopic" ? "AttributeName" : attributeFault(name, value, topic.isFifo);
    if (fault !== undefined) throw invalid(fault);
    topics.put({ ...topic, attributes: withAttribute(topic.attributes, name, value) });
    return {};
  };
