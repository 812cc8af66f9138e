"""Makes a user who may do all in S3, and prints the user's key id and secret key. Argument: URL of the service."""
import json
import sys

import boto3

iam = boto3.client(
    "iam",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="none",
    aws_secret_access_key="none",
)
iam.create_user(UserName="trainer")
allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
iam.put_user_policy(
    UserName="trainer",
    PolicyName="s3",
    PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
)
key = iam.create_access_key(UserName="trainer")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
