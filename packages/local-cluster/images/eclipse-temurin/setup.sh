# $1 is the major version: the runtime where the image has it.
install -d /opt/java
ln -s "$(echo /usr/lib/jvm/java-"$1"-openjdk-*)" /opt/java/openjdk
