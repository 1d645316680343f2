wget -q -O - http://cloud_broker:8080/index.html
