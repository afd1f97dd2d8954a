"""S3 and DynamoDB."""

import gzip
import urllib.request
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import same


def s3(checks):
    client = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
    bucket = "smoke-bucket"
    with checks.check("S3 makes a bucket and lists it"):
        client.create_bucket(Bucket=bucket)
        client.get_waiter("bucket_exists").wait(Bucket=bucket)
        same([b["Name"] for b in client.list_buckets()["Buckets"]], [bucket])
    with checks.check("S3 keeps bytes, metadata and content type"):
        put = client.put_object(Bucket=bucket, Key="a b/ü+%/x", Body=b"hello", ContentType="text/plain", Metadata={"who": "me"})
        got = client.get_object(Bucket=bucket, Key="a b/ü+%/x")
        same(got["Body"].read(), b"hello")
        same((got["ContentType"], got["Metadata"], got["ETag"]), ("text/plain", {"who": "me"}, put["ETag"]))
    with checks.check("S3 answers HEAD with the length, and ranges"):
        head = client.head_object(Bucket=bucket, Key="a b/ü+%/x")
        same(head["ContentLength"], 5)
        part = client.get_object(Bucket=bucket, Key="a b/ü+%/x", Range="bytes=1-2")
        same((part["Body"].read(), part["ContentRange"]), (b"el", "bytes 1-2/5"))
    with checks.check("S3 keeps compressed objects as they are"):
        squeezed = gzip.compress(b"text" * 100)
        client.put_object(Bucket=bucket, Key="z", Body=squeezed, ContentEncoding="gzip")
        got = client.get_object(Bucket=bucket, Key="z")
        same((got["ContentEncoding"], got["Body"].read()), ("gzip", squeezed))
    with checks.check("S3 pages through listings with prefixes"):
        for number in range(5):
            client.put_object(Bucket=bucket, Key=f"page/{number}", Body=b"")
        pages = list(client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="page/", PaginationConfig={"PageSize": 2}))
        same([[o["Key"] for o in page["Contents"]] for page in pages], [["page/0", "page/1"], ["page/2", "page/3"], ["page/4"]])
        same(client.list_objects_v2(Bucket=bucket, Delimiter="/")["CommonPrefixes"], [{"Prefix": "a b/"}, {"Prefix": "page/"}])
    for key in ["new\nline", "tab\there", "emoji-😀", "a//b", "ends/", "per%2Fcent", "q?&=#", "x" * 1024]:
        with checks.check(f"S3 knows an object by the key {key[:20]!r}"):
            client.put_object(Bucket=bucket, Key=key, Body=key.encode())
            same(client.get_object(Bucket=bucket, Key=key)["Body"].read(), key.encode())
            same([o["Key"] for o in client.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]], [key])
            client.delete_object(Bucket=bucket, Key=key)
    versions(checks, client)
    multipart(checks, client, bucket)
    with checks.check("S3 takes presigned uploads and downloads"):
        url = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "signed"})
        urllib.request.urlopen(urllib.request.Request(url, data=b"by url", method="PUT"))
        url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "signed"})
        same(urllib.request.urlopen(url).read(), b"by url")
    with checks.check("S3 answers 304 with the ETag"):
        etag = client.head_object(Bucket=bucket, Key="signed")["ETag"]
        try:
            client.get_object(Bucket=bucket, Key="signed", IfNoneMatch=etag)
            raise AssertionError("not refused")
        except ClientError as error:
            answer = error.response["ResponseMetadata"]
            same((answer["HTTPStatusCode"], answer["HTTPHeaders"].get("etag")), (304, etag))
    with checks.refuses("PreconditionFailed", "S3 refuses to overwrite with If-None-Match", 412):
        client.put_object(Bucket=bucket, Key="signed", Body=b"", IfNoneMatch="*")
    with checks.refuses("NoSuchKey", "S3 knows no missing key", 404):
        client.get_object(Bucket=bucket, Key="missing")
    with checks.refuses("404", "S3 answers HEAD of a missing key", 404):
        client.head_object(Bucket=bucket, Key="missing")
    with checks.refuses("NoSuchBucket", "S3 knows no missing bucket", 404):
        client.list_objects_v2(Bucket="no-such-bucket")
    with checks.refuses("KeyTooLongError", "S3 refuses a key of 1,025 bytes", 400):
        client.put_object(Bucket=bucket, Key="x" * 1025, Body=b"")
    with checks.refuses("400", "S3 refuses a key that leads out of the bucket", 400):
        client.put_object(Bucket=bucket, Key="../other/x", Body=b"")
    with checks.check("S3 deletes in batches, then the bucket"):
        keys = [{"Key": o["Key"]} for o in client.list_objects_v2(Bucket=bucket)["Contents"]]
        same(len(client.delete_objects(Bucket=bucket, Delete={"Objects": keys})["Deleted"]), len(keys))
        client.delete_bucket(Bucket=bucket)


def versions(checks, client):
    with checks.check("S3 keeps versions and delete markers"):
        client.create_bucket(Bucket="smoke-versions")
        client.put_bucket_versioning(Bucket="smoke-versions", VersioningConfiguration={"Status": "Enabled"})
        first = client.put_object(Bucket="smoke-versions", Key="k", Body=b"1")["VersionId"]
        client.put_object(Bucket="smoke-versions", Key="k", Body=b"2")
        client.delete_object(Bucket="smoke-versions", Key="k")
        listing = client.list_object_versions(Bucket="smoke-versions")
        same((len(listing["Versions"]), len(listing["DeleteMarkers"])), (2, 1))
        same(client.get_object(Bucket="smoke-versions", Key="k", VersionId=first)["Body"].read(), b"1")
        boto3.resource("s3").Bucket("smoke-versions").object_versions.delete()
        same(client.list_object_versions(Bucket="smoke-versions").get("Versions"), None)


def multipart(checks, client, bucket):
    with checks.check("S3 puts parts together"):
        upload = client.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
        parts = []
        for number, body in [(1, b"a" * 5 * 1024 * 1024), (2, b"b")]:
            etag = client.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=number, Body=body)["ETag"]
            parts.append({"PartNumber": number, "ETag": etag})
        client.complete_multipart_upload(Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": parts})
        head = client.head_object(Bucket=bucket, Key="big")
        same((head["ContentLength"], head["ETag"][-3:]), (5 * 1024 * 1024 + 1, '-2"'))


def dynamodb(checks):
    resource = boto3.resource("dynamodb")
    client = resource.meta.client
    with checks.check("DynamoDB makes a table"):
        client.create_table(
            TableName="smoke-orders",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        client.get_waiter("table_exists").wait(TableName="smoke-orders", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    table = resource.Table("smoke-orders")
    item = {"pk": "a", "sk": 1, "price": Decimal("12.50"), "tags": {"x", "y"}, "raw": b"\x00\x01", "deep": {"list": [1, None, True, {"__proto__": "kept"}]}}
    with checks.check("DynamoDB keeps every type"):
        table.put_item(Item=item)
        got = table.get_item(Key={"pk": "a", "sk": 1})["Item"]
        same({**got, "raw": bytes(got["raw"])}, item)
    with checks.check("DynamoDB updates and counts"):
        answer = table.update_item(
            Key={"pk": "a", "sk": 1},
            UpdateExpression="SET price = price + :more REMOVE tags",
            ExpressionAttributeValues={":more": 1},
            ReturnValues="ALL_NEW",
        )
        same((answer["Attributes"]["price"], "tags" in answer["Attributes"]), (Decimal("13.50"), False))
    with checks.refuses("ConditionalCheckFailedException", "DynamoDB refuses a second one by condition", 400):
        table.put_item(Item={"pk": "a", "sk": 1}, ConditionExpression=Attr("pk").not_exists())
    with checks.check("DynamoDB writes batches and pages through queries"):
        with table.batch_writer() as batch:
            for number in range(2, 60):
                batch.put_item(Item={"pk": "a", "sk": number})
        pages = client.get_paginator("query").paginate(TableName="smoke-orders", KeyConditionExpression=Key("pk").eq("a") & Key("sk").gte(10), PaginationConfig={"PageSize": 20})
        same([page["Count"] for page in pages], [20, 20, 10])
    with checks.refuses("TransactionCanceledException", "DynamoDB cancels transactions", 400):
        check = {"ConditionCheck": {"TableName": "smoke-orders", "Key": {"pk": "none", "sk": 0}, "ConditionExpression": "attribute_exists(pk)"}}
        client.transact_write_items(TransactItems=[check, {"Put": {"TableName": "smoke-orders", "Item": {"pk": "t", "sk": 1}}}])
    with checks.refuses("ResourceNotFoundException", "DynamoDB knows no missing table", 400):
        resource.Table("missing-table").get_item(Key={"pk": "a"})
    with checks.refuses("ValidationException", "DynamoDB refuses a key of the wrong type", 400):
        table.get_item(Key={"pk": 5, "sk": 1})
