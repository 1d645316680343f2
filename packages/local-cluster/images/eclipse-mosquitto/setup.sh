# The image's numeric ids and its directories.
groupmod -g 1883 mosquitto
usermod -u 1883 -g 1883 mosquitto
rm -rf /var/lib/mosquitto /var/log/mosquitto /etc/mosquitto /etc/init.d/mosquitto
install -d -o mosquitto -g mosquitto /mosquitto/data /mosquitto/log
chown -R mosquitto:mosquitto /mosquitto
