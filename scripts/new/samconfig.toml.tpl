[__app__.build.parameters]
build_in_source = true
cached = true
parallel = true

[__app__.deploy.parameters]
stack_name = "__app__"
resolve_s3 = true
capabilities = "CAPABILITY_IAM"
confirm_changeset = true
tags = "app=__app__ cost=serverless-systems"

[__app__.sync.parameters]
stack_name = "__app__"
resolve_s3 = true
capabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"
build_in_source = true
watch = true
tags = "app=__app__ cost=serverless-systems"

[__app__.validate.parameters]
lint = true

[__app__.delete.parameters]
stack_name = "__app__"
